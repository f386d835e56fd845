package dev.weft.policy.inbound;

import dev.weft.policy.PolicyRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The judgement of one connection or request. */
public sealed interface Decision {
  /**
   * Admitted. Made when the policy is compiled; judging allocates none.
   *
   * @param permit by what
   * @param filters what is done to the request; none for a connection
   */
  record Allowed(Permit permit, RuleFilters filters) implements Decision {}

  /**
   * Refused: no authorization admits the client. HTTP 403, gRPC 7, or the connection is closed.
   *
   * @param server the deciding Server or default
   * @param route the route of the request; null for a connection
   * @param client who was refused
   * @param refusals for each authorization that was tried, in order, the first clause that failed;
   *     empty where the policy has none
   * @param notCarried whether it was refused before any authorization, because the port takes only
   *     requests of its protocol
   */
  record Denied(
      PolicyRef server,
      @Nullable PolicyRef route,
      Client client,
      List<Refusal> refusals,
      boolean notCarried)
      implements Decision {
    /** Copies the list. */
    public Denied {
      refusals = List.copyOf(refusals);
    }

    /** One line that names the policy and the clauses; the same for log, response and people. */
    public String reason() {
      return DenialText.of(this);
    }
  }

  /**
   * Refused: no route matches the request. HTTP 404, gRPC 5.
   *
   * @param server the deciding Server or default
   * @param routes the routes that were tried
   */
  record NoRoute(PolicyRef server, List<PolicyRef> routes) implements Decision {
    /** Copies the list. */
    public NoRoute {
      routes = List.copyOf(routes);
    }

    /** One line that names the policy and its routes. */
    public String reason() {
      return DenialText.of(this);
    }
  }

  /**
   * Why one authorization did not admit the client.
   *
   * @param authorization which
   * @param clause its first clause that failed
   */
  record Refusal(PolicyRef authorization, Clause clause) {}

  /** What failed. */
  enum Clause {
    /** The client's address is in none of the networks. */
    NETWORK,
    /** The client did not come with mesh TLS. */
    MESH_TLS,
    /** The client came with mesh TLS and without a certificate. */
    IDENTITY_MISSING,
    /** The client's identity is none of those listed. */
    IDENTITY_NOT_LISTED
  }
}
