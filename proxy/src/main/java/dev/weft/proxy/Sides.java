package dev.weft.proxy;

import dev.weft.proxy.inbound.InboundProxy;
import dev.weft.proxy.outbound.OutboundProxy;
import dev.weft.proxy.runtime.ProxyContext;
import java.util.List;

/** The sides of the data path, in the order in which they are bound. */
final class Sides {
  private Sides() {}

  static List<ProxyRuntime.Side> of(ProxyContext context) {
    InboundProxy inbound = new InboundProxy(context);
    OutboundProxy outbound = new OutboundProxy(context);
    return List.of(side(inbound::bind, inbound::accept), side(outbound::bind, outbound::accept));
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
