package dev.weft.proxy.inbound;

import dev.weft.proxy.control.Target;
import dev.weft.proxy.forward.Forward;
import dev.weft.proxy.forward.Refusal;
import dev.weft.proxy.gateway.Gateway;
import dev.weft.proxy.gateway.HandlerConnection;
import dev.weft.proxy.http.ExchangeHandler;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.TargetForm;
import io.netty.util.AsciiString;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Sends the requests of a connection to the service that its transport header names, and says in
 * {@code forwarded} that this gateway did so; a request that comes back to it is refused. Runs on
 * the connection's loop only.
 *
 * <p>Source: facts/proxy.md 2.10; RFC 7239.
 */
final class GatewayRequests implements Onward {
  private static final int HTTP_PORT = 80;
  private static final Refusal LOOP = Refusal.of(Refusal.Cause.GATEWAY_LOOP, "gateway loop");
  private static final Refusal DOMAIN =
      Refusal.of(Refusal.Cause.GATEWAY_DOMAIN, "bad gateway domain");

  private final String self;
  private final String client;
  private final AsciiString authority;
  private final ExchangeHandler service;

  /**
   * Requests of one connection.
   *
   * @param client the identity of who connected
   */
  GatewayRequests(Gateway gateway, Worker worker, Target.Name service, String client) {
    this.self = worker.context().tls().localServerName();
    this.client = client;
    this.authority = AsciiString.of(service.port() == HTTP_PORT ? service.host() : service.text());
    this.service = gateway.requests(worker.loop(), service);
  }

  /** What is not for a service of this gateway is refused. */
  static Onward wrongDomain() {
    return _ -> DOMAIN;
  }

  @Override
  public @Nullable Refusal send(Forward request) {
    RequestHead head = request.head();
    if (client.equals(self) || cameByHere(head)) {
      return LOOP;
    }
    head.headers.add(
        HeaderNames.FORWARDED,
        AsciiString.of(
            "by="
                + self
                + ";for="
                + client
                + ";host="
                + head.effectiveAuthority()
                + ";proto=https"));
    boolean http1 = head.version.isHttp1();
    if (http1) {
      head.headers.set(HeaderNames.HOST, authority);
      if (head.form == TargetForm.ORIGIN && !head.authority.isEmpty()) {
        head.authority = authority;
      }
    }
    request.open(new HandlerConnection(request.server().connection(), service), !http1, false);
    return null;
  }

  private boolean cameByHere(RequestHead head) {
    for (int at = head.headers.indexOf(HeaderNames.FORWARDED, 0);
        at >= 0;
        at = head.headers.indexOf(HeaderNames.FORWARDED, at + 1)) {
      for (String element : head.headers.value(at).toString().split("[;,]", -1)) {
        String pair = element.strip().toLowerCase(Locale.ROOT);
        if (pair.equals("by=" + self) || pair.equals("by=\"" + self + '"')) {
          return true;
        }
      }
    }
    return false;
  }
}
