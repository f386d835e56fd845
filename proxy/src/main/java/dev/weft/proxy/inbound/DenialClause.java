package dev.weft.proxy.inbound;

import dev.weft.policy.inbound.Decision;

/** Why policy denied something, as a metric tells it. */
enum DenialClause {
  /** The port takes only requests of its protocol. */
  PROTOCOL("protocol"),
  /** There is no authorization at all. */
  NO_AUTHORIZATION("no_authorization"),
  NETWORK("network"),
  MESH_TLS("mesh_tls"),
  IDENTITY_MISSING("identity_missing"),
  IDENTITY_NOT_LISTED("identity_not_listed");

  private final String label;

  DenialClause(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  /** Of several authorizations the clause of the one that came nearest to admitting. */
  static DenialClause of(Decision.Denied denied) {
    DenialClause nearest = denied.notCarried() ? PROTOCOL : NO_AUTHORIZATION;
    for (Decision.Refusal refusal : denied.refusals()) {
      DenialClause clause =
          switch (refusal.clause()) {
            case NETWORK -> NETWORK;
            case MESH_TLS -> MESH_TLS;
            case IDENTITY_MISSING -> IDENTITY_MISSING;
            case IDENTITY_NOT_LISTED -> IDENTITY_NOT_LISTED;
          };
      if (clause.compareTo(nearest) > 0) {
        nearest = clause;
      }
    }
    return nearest;
  }
}
