package dev.weft.policyservice.grpc;

import dev.weft.policyservice.index.WorkloadRef;
import dev.weft.resources.decode.DecodeException;
import dev.weft.resources.decode.JsonTrees;
import dev.weft.resources.decode.Tree;
import java.util.List;

/**
 * The text by which a proxy says which workload it belongs to. Source: facts/policy.md 2.1.
 *
 * <ul>
 *   <li>{@code {"ns":"shop","pod":"web-1"}}: a pod; other keys are ignored
 *   <li>{@code {"ns":"shop","external_workload":"vm"}}: an external workload
 *   <li>{@code shop:web-1}: a pod, the old form
 * </ul>
 */
final class WorkloadToken {
  /** Longest text read, in characters. */
  static final int MAX_LENGTH = 4096;

  private WorkloadToken() {}

  /**
   * Reads a token; blanks at its end do not count, since injected values end with a line feed.
   *
   * @throws IllegalArgumentException if the text is none; the message does not repeat it
   */
  static WorkloadRef parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw refused("longer than " + MAX_LENGTH + " characters");
    }
    return text.startsWith("{") ? json(text) : plain(text.stripTrailing());
  }

  private static WorkloadRef plain(String text) {
    int colon = text.indexOf(':');
    if (colon < 1 || colon == text.length() - 1) {
      throw refused("not <namespace>:<pod>");
    }
    return new WorkloadRef(false, text.substring(0, colon), text.substring(colon + 1));
  }

  private static WorkloadRef json(String text) {
    List<Tree> values;
    try {
      values = JsonTrees.parse(text);
    } catch (DecodeException e) {
      throw refused("no JSON");
    }
    if (values.size() != 1 || !(values.getFirst() instanceof Tree.Mapping object)) {
      throw refused("not one JSON object");
    }
    boolean pod = object.fields().containsKey("pod");
    boolean external = object.fields().containsKey("external_workload");
    if (pod == external) {
      throw refused("not exactly one of pod and external_workload");
    }
    return new WorkloadRef(
        external, field(object, "ns"), field(object, pod ? "pod" : "external_workload"));
  }

  private static String field(Tree.Mapping object, String name) {
    if (object.fields().get(name) instanceof Tree.Scalar(Tree.Type type, String value, int _)
        && type == Tree.Type.STRING
        && !value.isEmpty()) {
      return value;
    }
    throw refused("field " + name + " is no text");
  }

  private static IllegalArgumentException refused(String cause) {
    return new IllegalArgumentException(
        "workload token refused; cause: "
            + cause
            + "; fix: send {\"ns\":\"...\",\"pod\":\"...\"} or <namespace>:<pod>");
  }
}
