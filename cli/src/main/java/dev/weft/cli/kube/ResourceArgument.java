package dev.weft.cli.kube;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * A workload or Service as users name it: {@code deploy/web}, {@code po/web-1}, {@code svc/web}.
 *
 * @param kind its kind
 * @param name its name
 */
public record ResourceArgument(ObjectKind kind, String name) {
  private static final Map<String, ObjectKind> TYPES = new LinkedHashMap<>();

  static {
    type(ObjectKind.CRON_JOB, "cj");
    type(ObjectKind.DAEMON_SET, "ds");
    type(ObjectKind.DEPLOYMENT, "deploy");
    type(ObjectKind.JOB, "job");
    type(ObjectKind.POD, "po");
    type(ObjectKind.REPLICATION_CONTROLLER, "rc");
    type(ObjectKind.REPLICA_SET, "rs");
    type(ObjectKind.SERVICE, "svc");
    type(ObjectKind.STATEFUL_SET, "sts");
  }

  private static void type(ObjectKind kind, String brief) {
    TYPES.put(brief, kind);
    TYPES.put(kind.kind().toLowerCase(Locale.ROOT), kind);
    TYPES.put(kind.plural(), kind);
  }

  /**
   * Reads {@code TYPE/NAME}, or {@code TYPE NAME}.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  public static ResourceArgument parse(List<String> words) {
    String[] parts =
        words.size() == 1 ? words.getFirst().split("/", -1) : words.toArray(new String[0]);
    if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty() || parts[1].contains("/")) {
      throw new IllegalArgumentException(
          "'" + String.join(" ", words) + "' is not of the form TYPE/NAME");
    }
    ObjectKind kind = TYPES.get(parts[0]);
    if (kind == null) {
      throw new IllegalArgumentException(
          "'%s' is no type of resource; known are %s"
              .formatted(parts[0], new TreeSet<>(TYPES.keySet())));
    }
    return new ResourceArgument(kind, parts[1]);
  }

  /**
   * The pods behind it.
   *
   * @throws ClusterException also if it does not exist
   */
  public List<KubeObject> pods(Cluster cluster, String namespace) {
    KubeObject found =
        cluster
            .get(kind, namespace, name)
            .orElseThrow(
                () ->
                    new ClusterException(
                        404,
                        "%s/%s is not in namespace %s".formatted(kind.plural(), name, namespace)));
    if (kind.equals(ObjectKind.POD)) {
      return List.of(found);
    }
    if (kind.equals(ObjectKind.CRON_JOB)) {
      return cluster.list(ObjectKind.JOB, namespace, "").stream()
          .filter(job -> isOwnedBy(job, found))
          .flatMap(
              job -> selected(cluster, namespace, job.texts("/spec/selector/matchLabels")).stream())
          .toList();
    }
    boolean plain =
        kind.equals(ObjectKind.SERVICE) || kind.equals(ObjectKind.REPLICATION_CONTROLLER);
    return selected(
        cluster, namespace, found.texts(plain ? "/spec/selector" : "/spec/selector/matchLabels"));
  }

  private static boolean isOwnedBy(KubeObject job, KubeObject owner) {
    return job.list("/metadata/ownerReferences").stream()
        .anyMatch(reference -> reference.path("uid").asText("").equals(owner.uid()));
  }

  private static List<KubeObject> selected(
      Cluster cluster, String namespace, Map<String, String> labels) {
    if (labels.isEmpty()) {
      return List.of();
    }
    String selector =
        String.join(
            ",", labels.entrySet().stream().map(l -> l.getKey() + "=" + l.getValue()).toList());
    return cluster.list(ObjectKind.POD, namespace, selector);
  }
}
