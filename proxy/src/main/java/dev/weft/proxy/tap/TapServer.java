package dev.weft.proxy.tap;

import dev.weft.proxy.admin.ManagementListener;
import dev.weft.proxy.config.TapConfig;
import dev.weft.proxy.http.ExchangeHandler;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.RequestListener;
import dev.weft.proxy.http.ServerExchange;
import dev.weft.proxy.runtime.ProxyContext;
import dev.weft.proxy.tls.PeerTls;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code io.linkerd.proxy.tap.Tap/Observe} over mesh TLS to the one identity that may tap.
 * Runs on the admin loop; {@link #bind} and {@link #close} are called by the main thread.
 *
 * <p>Source: facts/proxy.md 5.1, facts/proxy-api.md 19.
 */
public final class TapServer implements AutoCloseable {
  private static final String PATH = "/io.linkerd.proxy.tap.Tap/Observe";

  private final ProxyContext context;
  private final TapConfig config;
  private final TapMetrics metrics;
  private final ManagementListener listener;
  private int nextBase;

  /** A server that is not yet bound; its taps go to those of the context. */
  public TapServer(ProxyContext context, TapConfig config) {
    this.context = context;
    this.config = config;
    this.metrics = new TapMetrics(context.metrics());
    this.listener =
        new ManagementListener(
            context, "tap", config.listenAddress(), "LINKERD2_PROXY_CONTROL_LISTEN_ADDR");
  }

  /**
   * Binds and serves at once.
   *
   * @return the bound address
   * @throws IllegalStateException if the port cannot be bound
   */
  public InetSocketAddress bind() {
    InetSocketAddress local = listener.bind();
    listener.serve(Calls::new);
    return local;
  }

  /** The calls of one connection. */
  private final class Calls implements ExchangeHandler {
    @Override
    public RequestListener onRequest(RequestHead head, ServerExchange exchange, boolean end) {
      TapCall call =
          new TapCall(
              exchange,
              context.telemetry().taps(),
              metrics,
              context.ticker(),
              context.loops().admin());
      String refusal = refusal(exchange.connection().channel());
      if (head.version != HttpVersion.HTTP_2 || !head.isGrpc()) {
        call.refuseHttp();
      } else if (!head.path.contentEquals(PATH)) {
        call.end(GrpcCode.UNIMPLEMENTED, "no such method");
      } else if (refusal != null) {
        call.end(GrpcCode.UNAUTHENTICATED, refusal);
      } else {
        call.begin(nextBase++);
      }
      return call;
    }
  }

  /** Why the client may not tap, null if it may. */
  private @Nullable String refusal(Channel channel) {
    Optional<PeerTls> tls = PeerTls.of(channel);
    if (tls.isEmpty()) {
      return "no_tls_from_remote";
    }
    return config.client().equals(tls.get().identity()) ? null : "Unauthorized client";
  }

  @Override
  public void close() {
    listener.close();
  }
}
