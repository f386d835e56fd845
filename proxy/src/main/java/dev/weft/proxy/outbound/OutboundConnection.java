package dev.weft.proxy.outbound;

import dev.weft.policy.route.RouteHit;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.control.Target;
import dev.weft.proxy.detect.ClientHello;
import dev.weft.proxy.detect.DetectionMeter;
import dev.weft.proxy.detect.EarlyDial;
import dev.weft.proxy.detect.Held;
import dev.weft.proxy.detect.HttpHint;
import dev.weft.proxy.detect.Look;
import dev.weft.proxy.http.ExchangeHandler;
import dev.weft.proxy.http.ServerConnection;
import dev.weft.proxy.http.http1.Http1ServerConnection;
import dev.weft.proxy.http.http1.Http1Settings;
import dev.weft.proxy.http.http2.Http2ServerConnection;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.runtime.Drain;
import dev.weft.proxy.runtime.Drainable;
import dev.weft.proxy.tcp.Linger;
import dev.weft.proxy.tcp.Relay;
import dev.weft.proxy.tcp.Sockets;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of the application: finds its target, waits for the target's plan, finds out what
 * is spoken where the plan leaves that open, and hands over to an HTTP codec or a relay. Runs on
 * its lane's loop only, but for {@link #drain}.
 *
 * <p>Source: facts/proxy.md 3.1, 3.2 and 3.17.
 */
final class OutboundConnection implements Drainable {
  private static final Logger LOG = LoggerFactory.getLogger(OutboundConnection.class);

  private final Lane lane;
  private final SocketChannel channel;
  private final Guard guard = new Guard();
  private @Nullable ServerConnection http;
  private boolean relayed;
  private boolean draining;

  OutboundConnection(Lane lane, SocketChannel channel) {
    this.lane = lane;
    this.channel = channel;
  }

  /** Begins; the channel is active and quiet. */
  void begin() {
    Drain.Registration registration = lane.outbound().context().drain().register(this);
    channel.closeFuture().addListener(_ -> registration.close());
    InetSocketAddress wanted;
    try {
      wanted = lane.outbound().destination(channel);
    } catch (IOException e) {
      LOG.warn("connection dropped conn={} cause={}", channel.id(), e.getMessage());
      channel.close();
      return;
    }
    if (lane.isOwn(wanted)) {
      new ExplicitMode(lane, channel, this).begin();
    } else if (lane.isFull(new Target.Address(wanted))) {
      LOG.warn("connection dropped conn={} cause=too many targets are in use", channel.id());
      channel.close();
    } else {
      serve(new Target.Address(wanted), Greeting.NONE, Held.NOTHING);
    }
  }

  @Override
  public void drain() {
    lane.loop()
        .execute(
            () -> {
              draining = true;
              if (http != null) {
                http.drain();
              } else if (!relayed) {
                channel.close();
              }
            });
  }

  /** Gives a last answer, which the client gets although it may be sending. */
  void end(ByteBuf answer, Held held) {
    unguard();
    Linger.close(channel, answer);
    held.proceed();
  }

  // The target is known.

  /** Goes on once the plan for the target is known. */
  void serve(Target target, Greeting greeting, Held held) {
    TargetStack stack = lane.acquire(target);
    Runnable planned = () -> planned(stack, greeting, held);
    channel
        .closeFuture()
        .addListener(
            _ -> {
              stack.forget(planned);
              stack.release();
            });
    meter(target.text());
    channel.pipeline().addLast(guard);
    stack.whenPlanned(planned);
  }

  /** Counts what passes, from now on. */
  void meter(String target) {
    Labels labels = OutboundMetrics.source(target);
    channel.pipeline().addLast(lane.outbound().metrics().transport.meter(lane.shard(), labels));
  }

  private void planned(TargetStack stack, Greeting greeting, Held held) {
    Plan plan = stack.plan();
    boolean refused = plan.mode() == Plan.Mode.REFUSE && !ingress(stack);
    if (refused || draining) {
      LOG.info(
          "connection refused conn={} target={} cause={}",
          channel.id(),
          stack.target().text(),
          draining ? "the proxy is shutting down" : plan.failure());
      lane.outbound().countTcpError(lane, stack.target().text(), "unexpected");
      end(greeting.refusal(), held);
      return;
    }
    ByteBuf welcome = greeting.welcome();
    if (welcome.isReadable()) {
      channel.writeAndFlush(welcome);
    }
    lane.meters().protocol(plan.mode(), plan.parent()).increment();
    if (ingress(stack)) {
      detect(stack, plan, held);
      return;
    }
    switch (plan.mode()) {
      case HTTP_1 -> http1(requests(stack), stack.target().text(), held);
      case HTTP_2 -> http2(requests(stack), stack.target().text(), held);
      case OPAQUE -> opaque(stack, plan.opaque(), held);
      case TLS -> tls(stack, plan, held);
      case DETECT -> detect(stack, plan, held);
      case REFUSE -> throw new AssertionError("handled above");
    }
  }

  /** Whether every request may have a target of its own, and so all connections are looked at. */
  private boolean ingress(TargetStack stack) {
    return lane.outbound().config().ingressMode() && stack.target() instanceof Target.Address;
  }

  private Requests requests(TargetStack stack) {
    return ingress(stack)
        ? new Requests(lane, new IngressTargets(lane, stack.target()))
        : Requests.to(lane, stack);
  }

  private void detect(TargetStack stack, Plan plan, Held held) {
    TcpRule rule = plan.opaque();
    EarlyDial early = rule == null ? null : new EarlyDial(() -> rule.connect(lane));
    new Detection(stack, plan, early).begin(HttpHint::of, HttpHint.MAX_BYTES, timeout(), early);
    held.proceed();
  }

  /** Finds out whether HTTP is spoken, and which. */
  private final class Detection extends Look<HttpHint> {
    private final TargetStack stack;
    private final Plan plan;
    private final @Nullable EarlyDial early;
    private final long since = lane.nanoTime();

    Detection(TargetStack stack, Plan plan, @Nullable EarlyDial early) {
      super(channel);
      this.stack = stack;
      this.plan = plan;
      this.early = early;
    }

    @Override
    public void decided(HttpHint hint) {
      switch (hint) {
        case HTTP_1 -> {
          detected(DetectionMeter.Result.HTTP_1);
          discardEarly();
          http1(requests(stack), stack.target().text(), held());
        }
        case HTTP_2 -> {
          detected(DetectionMeter.Result.HTTP_2);
          discardEarly();
          http2(requests(stack), stack.target().text(), held());
        }
        case OTHER -> pass(DetectionMeter.Result.NOT_HTTP);
      }
    }

    @Override
    public void serverSpoke() {
      pass(DetectionMeter.Result.NOT_HTTP);
    }

    @Override
    public void timedOut(boolean silent) {
      pass(DetectionMeter.Result.READ_TIMEOUT);
    }

    @Override
    public void closed(@Nullable Throwable cause) {
      detected(DetectionMeter.Result.ERROR);
      discardEarly();
      super.closed(cause);
    }

    private void detected(DetectionMeter.Result result) {
      lane.meters().detection(plan.parent()).detected(result, lane.nanoTime() - since);
    }

    private void pass(DetectionMeter.Result result) {
      detected(result);
      TcpRule rule = plan.opaque();
      if (plan.mode() == Plan.Mode.TLS) {
        tls(stack, plan, held());
      } else if (early == null || rule == null) {
        fail(stack, new IOException("no route for bytes that are not HTTP"));
      } else {
        relay(stack, rule, early.take(), held());
      }
    }

    private void discardEarly() {
      if (early != null) {
        early.discard();
      }
    }
  }

  private void tls(TargetStack stack, Plan plan, Held held) {
    Look<ClientHello> look =
        new Look<>(channel) {
          @Override
          public void decided(ClientHello hello) {
            RouteHit<TcpRule> hit =
                hello instanceof ClientHello.Named(String name) && plan.tls() != null
                    ? plan.tls().find(new TlsServerName(name))
                    : null;
            if (hit == null) {
              fail(stack, new IOException("no route for this TLS server name"));
            } else {
              relay(stack, hit.target(), hit.target().connect(lane), held());
            }
          }
        };
    look.begin(ClientHello::of, ClientHello.MAX_BYTES, timeout(), null);
    held.proceed();
  }

  private Duration timeout() {
    return lane.outbound().config().path().detectTimeout();
  }

  private void opaque(TargetStack stack, @Nullable TcpRule rule, Held held) {
    if (rule == null) {
      fail(stack, new IOException("no route for opaque connections"));
    } else {
      relay(stack, rule, rule.connect(lane), held);
    }
  }

  private void relay(TargetStack stack, TcpRule rule, Future<Channel> connected, Held held) {
    relayed = true;
    TcpRouteMeter meter = rule.meter();
    meter.opened();
    connected.addListener(
        _ -> {
          if (!connected.isSuccess()) {
            meter.closed(RouteException.error(connected.cause()));
            fail(stack, connected.cause());
            return;
          }
          Channel server = connected.getNow();
          if (!channel.isActive()) {
            meter.closed(TcpRouteMeter.Error.NONE);
            server.close();
            return;
          }
          unguard();
          Relay relay =
              new Relay(
                  channel,
                  server,
                  ended -> {
                    meter.closed(
                        ended.cause() == null
                            ? TcpRouteMeter.Error.NONE
                            : TcpRouteMeter.Error.UNEXPECTED);
                    ended(stack, ended);
                  });
          EarlyDial.handOver(server);
          held.proceed();
          relay.start();
        });
  }

  private void ended(TargetStack stack, Relay.Ended ended) {
    if (ended.cause() != null) {
      LOG.debug(
          "relay failed conn={} target={} cause={}",
          channel.id(),
          stack.target().text(),
          ended.cause().getMessage());
    }
  }

  private void fail(TargetStack stack, Throwable cause) {
    LOG.info(
        "connection not carried conn={} target={} cause={}",
        channel.id(),
        stack.target().text(),
        cause.getMessage());
    String label =
        cause instanceof TcpBackend.ConnectException e ? e.refusal().cause().label() : "unexpected";
    lane.outbound().countTcpError(lane, stack.target().text(), label);
    Sockets.reset(channel);
  }

  void http1(ExchangeHandler handler, String target, Held held) {
    serveHttp(new Http1ServerConnection(handler, Http1Settings.DEFAULT), target, held);
  }

  void http2(ExchangeHandler handler, String target, Held held) {
    serveHttp(
        new Http2ServerConnection(
            lane.outbound().config().path().http2Server().settings(), handler),
        target,
        held);
  }

  private void serveHttp(ServerConnection connection, String target, Held held) {
    LOG.debug("serving HTTP conn={} target={}", channel.id(), target);
    http = connection;
    unguard();
    channel.pipeline().addLast(connection);
    held.proceed();
    if (draining) {
      connection.drain();
    }
  }

  private void unguard() {
    if (channel.pipeline().context(guard) != null) {
      channel.pipeline().remove(guard);
    }
  }

  /** Ends a connection that fails while it waits for its target. */
  private static final class Guard extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      LOG.debug("connection failed conn={} cause={}", ctx.channel().id(), cause.getMessage());
      ctx.close();
    }
  }

  /** Peer and id, for logs. */
  @Override
  public String toString() {
    InetSocketAddress peer = channel.remoteAddress();
    return channel.id() + (peer == null ? "" : " from " + Endpoint.text(peer));
  }
}
