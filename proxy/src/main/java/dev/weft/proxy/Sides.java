package dev.weft.proxy;

import dev.weft.proxy.config.DnsSuffixes;
import dev.weft.proxy.gateway.Gateway;
import dev.weft.proxy.inbound.InboundProxy;
import dev.weft.proxy.outbound.OutboundGateway;
import dev.weft.proxy.outbound.OutboundProxy;
import dev.weft.proxy.runtime.ProxyContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sides of the data path, in the order in which they are bound. */
final class Sides {
  private Sides() {}

  static List<ProxyRuntime.Side> of(ProxyContext context) {
    InboundProxy inbound = new InboundProxy(context, gateway(context));
    OutboundProxy outbound = new OutboundProxy(context);
    return List.of(side(inbound::bind, inbound::accept), side(outbound::bind, outbound::accept));
  }

  private static @Nullable Gateway gateway(ProxyContext context) {
    boolean none = context.config().inbound().gatewaySuffixes().equals(DnsSuffixes.NONE);
    return none ? null : new OutboundGateway(context);
  }

  private static ProxyRuntime.Side side(Runnable bind, Runnable accept) {
    return new ProxyRuntime.Side() {
      @Override
      public void bind() {
        bind.run();
      }

      @Override
      public void accept() {
        accept.run();
      }
    };
  }
}
