package dev.weft.policy.inbound;

import dev.weft.policy.PolicyRef;
import java.util.List;
import java.util.stream.Collectors;

/** Words for refusals. */
final class DenialText {
  /** Authorizations or routes that are spelled out at most. */
  static final int MAX_LISTED = 8;

  private DenialText() {}

  static String of(Decision.Denied denied) {
    String what = denied.route() == null ? "connection" : "request";
    String where = denied.server().display();
    if (denied.route() != null) {
      where += " " + denied.route().display();
    }
    return "%s from %s denied by %s; cause: %s"
        .formatted(what, client(denied.client()), where, cause(denied));
  }

  static String of(Decision.NoRoute refused) {
    return "request refused by %s; cause: none of its routes matches (%s)"
        .formatted(
            refused.server().display(),
            listed(refused.routes().stream().map(PolicyRef::display).toList(), ", "));
  }

  private static String cause(Decision.Denied denied) {
    if (denied.notCarried()) {
      return "the port takes only requests of its protocol";
    }
    if (denied.refusals().isEmpty()) {
      return "no authorization";
    }
    return listed(
        denied.refusals().stream()
            .map(r -> r.authorization().display() + ": " + clause(r.clause()))
            .toList(),
        "; ");
  }

  private static String clause(Decision.Clause clause) {
    return switch (clause) {
      case NETWORK -> "address not in its networks";
      case MESH_TLS -> "mesh TLS required";
      case IDENTITY_MISSING -> "client identity required";
      case IDENTITY_NOT_LISTED -> "identity not listed";
    };
  }

  private static String client(Client client) {
    return switch (client.tls()) {
      case Client.Tls.None _ -> client.ip() + " without mesh TLS";
      case Client.Tls.Anonymous _ -> client.ip() + " without identity";
      case Client.Tls.Identified(String identity, boolean _) -> client.ip() + " as " + identity;
    };
  }

  private static String listed(List<String> items, String separator) {
    String shown = items.stream().limit(MAX_LISTED).collect(Collectors.joining(separator));
    return items.size() <= MAX_LISTED
        ? shown
        : shown + separator + "and " + (items.size() - MAX_LISTED) + " more";
  }
}
