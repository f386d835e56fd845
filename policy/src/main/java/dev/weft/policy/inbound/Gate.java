package dev.weft.policy.inbound;

import dev.weft.policy.PolicyRef;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some authorizations in order, with the decision that each leads to. */
final class Gate {
  private final PolicyRef server;
  private final @Nullable PolicyRef route;
  private final CompiledAuthorization[] authorizations;
  private final Decision.Allowed[] decisions;

  private Gate(
      PolicyRef server,
      @Nullable PolicyRef route,
      CompiledAuthorization[] authorizations,
      Decision.Allowed[] decisions) {
    this.server = server;
    this.route = route;
    this.authorizations = authorizations;
    this.decisions = decisions;
  }

  static Gate of(
      PolicyRef server,
      @Nullable PolicyRef route,
      List<CompiledAuthorization> authorizations,
      RuleFilters filters) {
    var decisions = new Decision.Allowed[authorizations.size()];
    for (int i = 0; i < decisions.length; i++) {
      Authorization source = authorizations.get(i).source();
      decisions[i] =
          new Decision.Allowed(new Permit(server, route, source.ref(), source.isAudit()), filters);
    }
    return new Gate(server, route, authorizations.toArray(CompiledAuthorization[]::new), decisions);
  }

  Decision judge(Client client) {
    for (int i = 0; i < authorizations.length; i++) {
      if (authorizations[i].firstFailure(client) == null) {
        return decisions[i];
      }
    }
    return denied(client);
  }

  private Decision denied(Client client) {
    List<Decision.Refusal> refusals = new ArrayList<>(authorizations.length);
    for (CompiledAuthorization authorization : authorizations) {
      Decision.Clause clause = authorization.firstFailure(client);
      if (clause == null) {
        throw new IllegalStateException("an authorization admits whom it just refused");
      }
      refusals.add(new Decision.Refusal(authorization.source().ref(), clause));
    }
    return new Decision.Denied(server, route, client, refusals, false);
  }
}
