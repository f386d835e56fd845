package dev.weft.proxy.control.decode;

import dev.weft.api.destination.GetDestination;
import dev.weft.api.inbound.PortSpec;
import dev.weft.api.net.TcpAddress;
import dev.weft.api.outbound.TrafficSpec;
import dev.weft.mesh.IpAddr;
import dev.weft.proxy.config.ControlConfig;
import dev.weft.proxy.control.Target;

/** What the control plane is asked. */
public final class Requests {
  private Requests() {}

  /** The question for endpoints, or for a profile, of an authority. */
  public static GetDestination destination(ControlConfig config, String authority) {
    return GetDestination.newBuilder()
        .setPath(authority)
        .setContextToken(config.destinationContext())
        .build();
  }

  /** The question for the policy of one of our ports. */
  public static PortSpec port(ControlConfig config, int port) {
    return PortSpec.newBuilder().setWorkload(config.policyWorkload()).setPort(port).build();
  }

  /** The question for the policy of a target. */
  public static TrafficSpec target(ControlConfig config, Target target) {
    TrafficSpec.Builder spec = TrafficSpec.newBuilder().setSourceWorkload(config.policyWorkload());
    switch (target) {
      case Target.Address(var address) ->
          spec.setAddr(
              TcpAddress.newBuilder()
                  .setIp(Values.ip(IpAddr.of(address.getAddress())))
                  .setPort(address.getPort()));
      case Target.Name name -> spec.setAuthority(name.text());
    }
    return spec.build();
  }
}
