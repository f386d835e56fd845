package dev.weft.destination.lookup;

import dev.weft.resources.decode.DecodeException;
import dev.weft.resources.decode.JsonTrees;
import dev.weft.resources.decode.Tree;
import org.jboss.logging.Logger;

/**
 * Who asks, as its proxy was told when it was injected: {@code {"ns":"shop","nodeName":"node-1",
 * "pod":"web-0"}}. It is a hint and proves nothing.
 *
 * @param namespace the client's namespace; empty where unknown
 * @param nodeName the client's node; empty where unknown
 * @param pod the client's pod, for people; empty where unknown
 */
public record ClientContext(String namespace, String nodeName, String pod) {
  /** Nothing known. */
  public static final ClientContext UNKNOWN = new ClientContext("", "", "");

  private static final Logger LOG = Logger.getLogger(ClientContext.class);
  private static final String LEGACY_PREFIX = "ns:";
  private static final int MAX_TOKEN_CHARS = 4096;

  /** Reads a token; an unreadable one is as good as none. */
  public static ClientContext parse(String token) {
    String text = token.strip();
    if (text.isEmpty()) {
      return UNKNOWN;
    }
    if (text.startsWith(LEGACY_PREFIX)) {
      return new ClientContext(text.substring(LEGACY_PREFIX.length()), "", "");
    }
    try {
      if (text.length() <= MAX_TOKEN_CHARS
          && JsonTrees.parse(text).getFirst() instanceof Tree.Mapping fields) {
        return new ClientContext(text(fields, "ns"), text(fields, "nodeName"), text(fields, "pod"));
      }
    } catch (DecodeException e) {
      LOG.debugf("context token cannot be read: %s", e.getMessage());
    }
    // Whoever connects can cause this, so it is nothing to fill logs with.
    LOG.debug("context token ignored; cause: not a JSON object; the client counts as unknown");
    return UNKNOWN;
  }

  private static String text(Tree.Mapping fields, String name) {
    return fields.fields().get(name) instanceof Tree.Scalar scalar
            && scalar.type() == Tree.Type.STRING
        ? scalar.text()
        : "";
  }
}
