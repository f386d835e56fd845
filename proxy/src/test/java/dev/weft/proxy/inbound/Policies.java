package dev.weft.proxy.inbound;

import dev.weft.mesh.Network;
import dev.weft.policy.PolicyRef;
import dev.weft.policy.inbound.Authentication;
import dev.weft.policy.inbound.Authorization;
import dev.weft.policy.inbound.HttpRouting;
import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.policy.inbound.InboundProtocol;
import java.time.Duration;
import java.util.List;

/** Policies of tests. */
final class Policies {
  static final PolicyRef SERVER = PolicyRef.of("policy.linkerd.io", "server", "", "app");
  private static final PolicyRef AUTHORIZATION =
      PolicyRef.of("policy.linkerd.io", "authorizationpolicy", "", "friends");

  private Policies() {}

  static InboundProtocol detect() {
    return new InboundProtocol.Detect(Duration.ofSeconds(2), HttpRouting.of());
  }

  /** Only these identities, by the authorization {@code friends} of the server {@code app}. */
  static InboundPolicy only(InboundProtocol protocol, String... identities) {
    return new InboundPolicy(
        SERVER,
        protocol,
        List.of(
            new Authorization(
                AUTHORIZATION,
                Network.ALL,
                new Authentication.Identities(List.of(identities), List.of()))));
  }

  static InboundPolicy everybody(InboundProtocol protocol) {
    return new InboundPolicy(
        SERVER,
        protocol,
        List.of(
            new Authorization(AUTHORIZATION, Network.ALL, new Authentication.Unauthenticated())));
  }

  static InboundPolicy nobody(InboundProtocol protocol) {
    return new InboundPolicy(SERVER, protocol, List.of());
  }
}
