package dev.weft.proxy.admin;

import dev.weft.proxy.runtime.ProxyContext;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Serves the {@link AdminApi} on the admin port, under the policy of that port. Used by the main
 * thread; serving happens on the admin loop.
 *
 * <p>Source: facts/proxy.md 1.7.
 */
public final class AdminServer implements AutoCloseable {
  private final ProxyContext context;
  private final AdminApi api;
  private final ManagementListener listener;
  private @Nullable AdminGate gate;

  /** A server that is not yet bound. */
  public AdminServer(ProxyContext context, AdminApi api) {
    this.context = context;
    this.api = api;
    this.listener =
        new ManagementListener(
            context,
            "admin",
            context.config().admin().listenAddress(),
            "LINKERD2_PROXY_ADMIN_LISTEN_ADDR");
  }

  /**
   * Binds and serves at once.
   *
   * @return the bound address
   * @throws IllegalStateException if the port cannot be bound
   */
  public InetSocketAddress bind() {
    InetSocketAddress local = listener.bind();
    AdminGate made =
        new AdminGate(
            context.control().inboundPolicies(), local.getPort(), context.loops().admin());
    gate = made;
    listener.serve(() -> new AdminExchanges(api, made));
    return local;
  }

  /** Closes the port and forgets its policy. */
  @Override
  public void close() {
    listener.close();
    if (gate != null) {
      gate.close();
    }
  }
}
