package dev.weft.policy.inbound;

import dev.weft.mesh.Cidr;
import dev.weft.mesh.IpAddr;
import dev.weft.mesh.Network;
import dev.weft.policy.PolicyRef;
import java.util.List;

/**
 * Admits clients which come from one of the networks and satisfy the authentication.
 *
 * @param ref the object behind it, kind in lower case ({@code authorizationpolicy}, {@code
 *     serverauthorization}), without namespace; or a default such as {@code all-authenticated}
 * @param networks any may contain the client; none admits nobody
 * @param authentication what else the client must show
 */
public record Authorization(PolicyRef ref, List<Network> networks, Authentication authentication) {
  /** Name of the default whose admissions are to be logged and counted. */
  public static final String AUDIT = "audit";

  private static final PolicyRef AUDIT_REF = PolicyRef.builtin(AUDIT);

  /** Whoever connects over the loopback address of the workload's own network. */
  public static final Authorization LOCALHOST =
      new Authorization(
          PolicyRef.builtin("localhost"),
          List.of(
              Network.of(Cidr.of(IpAddr.parse("127.0.0.1"))),
              Network.of(Cidr.of(IpAddr.parse("::1")))),
          new Authentication.Unauthenticated());

  /** Copies the list. */
  public Authorization {
    networks = List.copyOf(networks);
  }

  /** Whether admissions by this authorization are to be logged and counted. */
  public boolean isAudit() {
    return ref.equals(AUDIT_REF);
  }
}
