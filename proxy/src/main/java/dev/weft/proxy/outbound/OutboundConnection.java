package dev.weft.proxy.outbound;

import dev.weft.mesh.Authority;
import dev.weft.policy.route.RequestContext;
import dev.weft.policy.route.RouteHit;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.control.Target;
import dev.weft.proxy.detect.ClientHello;
import dev.weft.proxy.detect.DetectionMeter;
import dev.weft.proxy.detect.EarlyDial;
import dev.weft.proxy.detect.HttpHint;
import dev.weft.proxy.detect.Prelude;
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
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
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
      explicit();
    } else if (lane.isFull(new Target.Address(wanted))) {
      LOG.warn("connection dropped conn={} cause=too many targets are in use", channel.id());
      channel.close();
    } else {
      serve(new Target.Address(wanted), Greeting.NONE);
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

  /** What a client of the explicit mode hears once its target is known. */
  private record Greeting(ByteBuf welcome, ByteBuf refusal) {
    static final Greeting NONE = new Greeting(Unpooled.EMPTY_BUFFER, Unpooled.EMPTY_BUFFER);

    static Greeting socks() {
      return new Greeting(
          SocksRequest.Reply.SUCCEEDED.encode(), SocksRequest.Reply.NOT_ALLOWED.encode());
    }
  }

  private ByteBuf answer(int status, String cause) {
    return Unpooled.copiedBuffer(
        "HTTP/1.1 "
            + status
            + " Refused\r\n"
            + (lane.outbound().verbose() ? "l5d-proxy-error: " + cause + "\r\n" : "")
            + "content-length: 0\r\nconnection: close\r\n\r\n",
        StandardCharsets.US_ASCII);
  }

  // Explicit mode: the client says where it wants to go.

  private void explicit() {
    Begin<Opening> begin =
        new Begin<>() {
          @Override
          public void decided(Opening opening, Prelude<Opening> prelude) {
            opened(opening, prelude);
          }
        };
    begin.prelude(Opening::of, Opening.MAX_BYTES, null);
  }

  private void opened(Opening opening, Prelude<Opening> prelude) {
    switch (opening) {
      case Opening.Http1() -> {
        meter(Endpoint.text(channel.localAddress()));
        http1(new Requests(lane, new ExplicitTargets(lane)), "explicit", prelude);
      }
      case Opening.Http2() -> {
        meter(Endpoint.text(channel.localAddress()));
        http2(new Requests(lane, new ExplicitTargets(lane)), "explicit", prelude);
      }
      case Opening.Connect(Authority authority) ->
          tunnel(
              authority,
              new Greeting(
                  Unpooled.copiedBuffer("HTTP/1.1 200 OK\r\n\r\n", StandardCharsets.US_ASCII),
                  answer(502, "the target cannot be reached")),
              prelude,
              answer(502, "the target is unusable"));
      case Opening.Socks() -> {
        channel.writeAndFlush(SocksRequest.welcome());
        socks(prelude);
      }
      case Opening.SocksUnacceptable() ->
          refuse(
              SocksRequest.noAcceptableMethod(),
              "SOCKS5 client insists on authentication",
              prelude);
      case Opening.Bad(int status, String cause) -> refuse(answer(status, cause), cause, prelude);
    }
  }

  private void socks(Prelude<Opening> greeting) {
    Begin<SocksRequest> begin =
        new Begin<>() {
          @Override
          public void decided(SocksRequest request, Prelude<SocksRequest> prelude) {
            switch (request) {
              case SocksRequest.Connect(Authority target) ->
                  tunnel(
                      target, Greeting.socks(), prelude, SocksRequest.Reply.NOT_ALLOWED.encode());
              case SocksRequest.Bad(SocksRequest.Reply reply, String cause) ->
                  refuse(reply.encode(), cause, prelude);
            }
          }
        };
    begin.prelude(SocksRequest::of, SocksRequest.MAX_BYTES, null);
    greeting.proceed();
  }

  /** From here on the connection is like an intercepted one to the target. */
  private void tunnel(
      Authority authority, Greeting greeting, Prelude<?> prelude, ByteBuf unusable) {
    Optional<Target> target = Targets.of(authority);
    boolean own =
        target.isPresent()
            && target.get() instanceof Target.Address(InetSocketAddress address)
            && lane.isOwn(address);
    if (target.isEmpty() || own || lane.isFull(target.get())) {
      greeting.welcome().release();
      greeting.refusal().release();
      String cause = target.isEmpty() ? "is no name" : own ? "is this proxy" : "is one too many";
      refuse(unusable, "target " + authority + " " + cause, prelude);
      return;
    }
    unusable.release();
    // What the client sent ahead stays in the prelude until the next handler is in place.
    serve(target.get(), greeting, prelude);
  }

  private void refuse(ByteBuf answer, String cause, Prelude<?> held) {
    LOG.info("client of the explicit mode refused conn={} cause={}", channel.id(), cause);
    lane.outbound().countTcpError(lane, Endpoint.text(channel.localAddress()), "unexpected");
    end(answer, held);
  }

  /** Gives a last answer, which the client gets although it may be sending. */
  private void end(ByteBuf answer, @Nullable Prelude<?> held) {
    unguard();
    Linger.close(channel, answer);
    proceed(held);
  }

  // The target is known.

  private void serve(Target target, Greeting greeting) {
    serve(target, greeting, null);
  }

  private void serve(Target target, Greeting greeting, @Nullable Prelude<?> held) {
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

  private void meter(String target) {
    Labels labels = OutboundMetrics.source(target);
    channel.pipeline().addLast(lane.outbound().metrics().transport.meter(lane.shard(), labels));
  }

  private void planned(TargetStack stack, Greeting greeting, @Nullable Prelude<?> held) {
    Plan plan = stack.plan();
    if (plan.mode() == Plan.Mode.REFUSE || draining) {
      greeting.welcome().release();
      LOG.info(
          "connection refused conn={} target={} cause={}",
          channel.id(),
          stack.target().text(),
          draining ? "the proxy is shutting down" : plan.failure());
      lane.outbound().countTcpError(lane, stack.target().text(), "unexpected");
      end(greeting.refusal(), held);
      return;
    }
    greeting.refusal().release();
    if (greeting.welcome().isReadable()) {
      channel.writeAndFlush(greeting.welcome());
    }
    lane.meters().protocol(plan.mode(), plan.parent()).increment();
    switch (plan.mode()) {
      case HTTP_1 -> http1(Requests.to(lane, stack), stack.target().text(), held);
      case HTTP_2 -> http2(Requests.to(lane, stack), stack.target().text(), held);
      case OPAQUE -> opaque(stack, plan.opaque(), held);
      case TLS -> tls(stack, plan, held);
      case DETECT -> detect(stack, plan, held);
      case REFUSE -> throw new AssertionError("handled above");
    }
  }

  private void detect(TargetStack stack, Plan plan, @Nullable Prelude<?> held) {
    TcpRule rule = plan.opaque();
    EarlyDial early = rule == null ? null : new EarlyDial(() -> connect(rule));
    long since = lane.nanoTime();
    Begin<HttpHint> begin =
        new Begin<>() {
          @Override
          public void decided(HttpHint hint, Prelude<HttpHint> prelude) {
            switch (hint) {
              case HTTP_1 -> {
                detected(DetectionMeter.Result.HTTP_1);
                end();
                http1(Requests.to(lane, stack), stack.target().text(), prelude);
              }
              case HTTP_2 -> {
                detected(DetectionMeter.Result.HTTP_2);
                end();
                http2(Requests.to(lane, stack), stack.target().text(), prelude);
              }
              case OTHER -> pass(DetectionMeter.Result.NOT_HTTP, prelude);
            }
          }

          private void detected(DetectionMeter.Result result) {
            lane.meters().detection(plan.parent()).detected(result, lane.nanoTime() - since);
          }

          @Override
          public void serverSpoke(Prelude<HttpHint> prelude) {
            pass(DetectionMeter.Result.NOT_HTTP, prelude);
          }

          @Override
          public void timedOut(Prelude<HttpHint> prelude) {
            pass(DetectionMeter.Result.READ_TIMEOUT, prelude);
          }

          private void pass(DetectionMeter.Result result, Prelude<HttpHint> prelude) {
            detected(result);
            if (early == null || rule == null) {
              fail(stack, new IOException("no route for bytes that are not HTTP"));
            } else {
              relay(stack, rule, early.take(), prelude);
            }
          }

          @Override
          void ended() {
            detected(DetectionMeter.Result.ERROR);
          }

          @Override
          public void end() {
            if (early != null) {
              early.discard();
            }
          }
        };
    begin.prelude(HttpHint::of, HttpHint.MAX_BYTES, early);
    proceed(held);
  }

  private void tls(TargetStack stack, Plan plan, @Nullable Prelude<?> held) {
    Begin<ClientHello> begin =
        new Begin<>() {
          @Override
          public void decided(ClientHello hello, Prelude<ClientHello> prelude) {
            RouteHit<TcpRule> hit =
                hello instanceof ClientHello.Named(String name) && plan.tls() != null
                    ? plan.tls().find(new ServerName(name))
                    : null;
            if (hit == null) {
              fail(stack, new IOException("no route for this TLS server name"));
            } else {
              relay(stack, hit.target(), connect(hit.target()), prelude);
            }
          }
        };
    begin.prelude(ClientHello::of, ClientHello.MAX_BYTES, null);
    proceed(held);
  }

  private void opaque(TargetStack stack, @Nullable TcpRule rule, @Nullable Prelude<?> held) {
    if (rule == null) {
      fail(stack, new IOException("no route for opaque connections"));
    } else {
      relay(stack, rule, connect(rule), held);
    }
  }

  private Future<Channel> connect(TcpRule rule) {
    String refusal = rule.refusal();
    Split.Leg<TcpBackend, TcpRule.Gate> leg =
        refusal == null ? rule.split().choose(lane.outbound().context().random()) : null;
    TcpRouteMeter.Error invalid = TcpRouteMeter.Error.INVALID_POLICY;
    if (leg != null && leg.filters().refusal() != null) {
      refusal = leg.filters().refusal();
      invalid = TcpRouteMeter.Error.INVALID_BACKEND;
    }
    if (refusal != null) {
      return refused(
          rule,
          refusal,
          refusal.equals(Planner.FORBIDDEN) ? TcpRouteMeter.Error.FORBIDDEN : invalid);
    }
    return leg == null
        ? refused(rule, "no backend is available", TcpRouteMeter.Error.UNEXPECTED)
        : leg.backend().connect();
  }

  private Future<Channel> refused(TcpRule rule, String cause, TcpRouteMeter.Error error) {
    return lane.loop()
        .newFailedFuture(
            new RouteException(
                "route " + rule.route().display() + " refused the connection; cause: " + cause,
                error));
  }

  /** A route lets a connection not through. Carries no stack trace: it is an answer, not a bug. */
  private static final class RouteException extends IOException {
    private static final long serialVersionUID = 1;
    private final TcpRouteMeter.Error error;

    RouteException(String message, TcpRouteMeter.Error error) {
      super(message);
      this.error = error;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  private void relay(
      TargetStack stack, TcpRule rule, Future<Channel> connected, @Nullable Prelude<?> held) {
    relayed = true;
    TcpRouteMeter meter = rule.meter();
    meter.opened();
    connected.addListener(
        _ -> {
          if (!connected.isSuccess()) {
            meter.closed(
                connected.cause() instanceof RouteException e
                    ? e.error
                    : TcpRouteMeter.Error.UNEXPECTED);
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
          proceed(held);
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

  private void http1(ExchangeHandler handler, String target, @Nullable Prelude<?> held) {
    serveHttp(new Http1ServerConnection(handler, Http1Settings.DEFAULT), target, held);
  }

  private void http2(ExchangeHandler handler, String target, @Nullable Prelude<?> held) {
    serveHttp(
        new Http2ServerConnection(
            lane.outbound().config().path().http2Server().settings(), handler),
        target,
        held);
  }

  private void serveHttp(ServerConnection connection, String target, @Nullable Prelude<?> held) {
    LOG.debug("serving HTTP conn={} target={}", channel.id(), target);
    http = connection;
    unguard();
    channel.pipeline().addLast(connection);
    proceed(held);
    if (draining) {
      connection.drain();
    }
  }

  private static void proceed(@Nullable Prelude<?> held) {
    if (held != null) {
      held.proceed();
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

  /**
   * A prelude of this connection: what is common to all is that its failure ends the connection.
   */
  private abstract class Begin<T> implements Prelude.Listener<T> {
    private @Nullable Prelude<T> prelude;

    void prelude(Prelude.Judge<T> judge, int maxBytes, @Nullable EarlyDial early) {
      Duration timeout = lane.outbound().config().path().detectTimeout();
      Prelude<T> made = new Prelude<>(judge, maxBytes, timeout, early, this);
      prelude = made;
      channel.pipeline().addLast(made);
    }

    private Prelude<T> prelude() {
      if (prelude == null) {
        throw new IllegalStateException("the prelude has not begun");
      }
      return prelude;
    }

    abstract void decided(T verdict, Prelude<T> from);

    void serverSpoke(Prelude<T> from) {
      throw new IllegalStateException("no server was dialled early");
    }

    void timedOut(Prelude<T> from) {
      channel.close();
    }

    /** What was begun for it is not needed. */
    void end() {}

    /** The connection ended first. */
    void ended() {}

    @Override
    public final void decided(T verdict) {
      decided(verdict, prelude());
    }

    @Override
    public final void serverSpoke() {
      serverSpoke(prelude());
    }

    @Override
    public final void timedOut(boolean silent) {
      timedOut(prelude());
    }

    @Override
    public final void closed(@Nullable Throwable cause) {
      ended();
      end();
      channel.close();
    }
  }

  /** A TLS server name as routes look at it. */
  private record ServerName(String name) implements RequestContext {
    @Override
    public CharSequence method() {
      return "";
    }

    @Override
    public CharSequence pathAndQuery() {
      return "/";
    }

    @Override
    public CharSequence authority() {
      return name;
    }

    @Override
    public boolean anyHeader(String lowerCaseName, Predicate<? super CharSequence> test) {
      return false;
    }
  }

  /** Peer and id, for logs. */
  @Override
  public String toString() {
    InetSocketAddress peer = channel.remoteAddress();
    return channel.id() + (peer == null ? "" : " from " + Endpoint.text(peer));
  }
}
