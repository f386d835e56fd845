package dev.weft.proxy.outbound;

import dev.weft.proxy.control.Target;
import dev.weft.proxy.forward.Refusal;
import dev.weft.proxy.gateway.Gateway;
import dev.weft.proxy.http.ExchangeHandler;
import dev.weft.proxy.runtime.ProxyContext;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.PromiseNotifier;
import java.io.IOException;
import java.util.List;

/**
 * Carries on what the inbound side took in for services: with routes, balancing and limits like
 * those of the outbound side, but targets and connections of its own, and only to names that the
 * control plane knows. Thread-safe.
 *
 * <p>Source: facts/proxy.md 2.10.
 */
public final class OutboundGateway implements Gateway {
  private final ProxyContext context;
  private final List<Lane> lanes;

  /** A gateway of this proxy. */
  public OutboundGateway(ProxyContext context) {
    this(context, DnsServerAddressStreamProviders.platformDefault());
  }

  OutboundGateway(ProxyContext context, DnsServerAddressStreamProvider nameServers) {
    this.context = context;
    Outbound outbound =
        new Outbound(
            context,
            channel -> {
              throw new IOException("a gateway accepts no connections: " + channel.id());
            },
            nameServers,
            Outbound.Strangers.REFUSED);
    this.lanes = context.loops().workers().stream().map(loop -> new Lane(outbound, loop)).toList();
  }

  private Lane lane(EventLoop loop) {
    return lanes.get(context.loops().indexOf(loop));
  }

  @Override
  public ExchangeHandler requests(EventLoop loop, Target.Name service) {
    Lane lane = lane(loop);
    return new Requests(
        lane,
        _ -> {
          if (lane.isFull(service)) {
            throw new Requests.UnusableTargetException(
                Refusal.Cause.LOAD_SHED, "too many targets are in use");
          }
          return lane.acquire(service);
        });
  }

  @Override
  public Future<Channel> connect(EventLoop loop, Target.Name service, Future<?> client) {
    Lane lane = lane(loop);
    if (lane.isFull(service)) {
      return loop.newFailedFuture(new IOException("too many targets are in use"));
    }
    TargetStack stack = lane.acquire(service);
    Promise<Channel> connected = loop.newPromise();
    Runnable planned = () -> connect(lane, stack, connected);
    client.addListener(
        _ -> {
          stack.forget(planned);
          stack.release();
          connected.tryFailure(new IOException("the client went away"));
        });
    stack.whenPlanned(planned);
    return connected;
  }

  private static void connect(Lane lane, TargetStack stack, Promise<Channel> connected) {
    TcpRule rule = stack.plan().opaque();
    if (rule == null) {
      connected.tryFailure(new IOException("no route for bytes to " + stack.target().text()));
      return;
    }
    rule.meter().opened();
    Future<Channel> made = rule.connect(lane);
    made.addListener(
        _ -> {
          if (made.isSuccess()) {
            made.getNow()
                .closeFuture()
                .addListener(_ -> rule.meter().closed(TcpRouteMeter.Error.NONE));
            if (connected.isDone()) {
              made.getNow().close();
            }
          } else {
            rule.meter().closed(RouteException.error(made.cause()));
          }
        });
    made.addListener(new PromiseNotifier<>(false, connected));
  }
}
