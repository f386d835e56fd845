package dev.weft.proxy.outbound;

import dev.weft.proxy.control.Target;
import dev.weft.proxy.forward.Refusal;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.TargetForm;
import io.netty.util.AsciiString;
import java.util.Optional;

/**
 * Finds the target in each request of a client that uses the proxy as a forward proxy: HTTP/1 in
 * absolute form, or HTTP/2 by {@code :authority}. Runs on its lane's loop only.
 *
 * <p>The request goes on in origin form with the host of its target (RFC 9112, section 3.2.2).
 */
record ExplicitTargets(Lane lane) implements Requests.Stacks {
  private static final AsciiString HTTP = AsciiString.cached("http");

  @Override
  public TargetStack acquire(RequestHead head) throws Requests.UnusableTargetException {
    if (head.isConnect()) {
      throw bad("CONNECT must be the first request of its connection");
    }
    boolean http2 = head.version == HttpVersion.HTTP_2;
    if (!http2 && head.form != TargetForm.ABSOLUTE) {
      throw bad(
          "explicit proxy needs a target: an absolute request target, CONNECT, or SOCKS5;"
              + " fix: set http_proxy for the client");
    }
    if (!head.scheme.isEmpty() && !head.scheme.contentEqualsIgnoreCase(HTTP)) {
      throw bad("scheme " + head.scheme + " is not forwarded; fix: use CONNECT");
    }
    Optional<Target> target = Targets.parse(head.authority);
    if (target.isEmpty()) {
      throw bad("the authority names no target");
    }
    if (target.get() instanceof Target.Address(var address) && lane.isOwn(address)) {
      throw new Requests.UnusableTargetException(
          Refusal.Cause.BAD_GATEWAY, "the target is this proxy itself");
    }
    if (lane.isFull(target.get())) {
      throw new Requests.UnusableTargetException(
          Refusal.Cause.LOAD_SHED, "too many targets are in use");
    }
    if (!http2) {
      head.form = TargetForm.ORIGIN;
      head.headers.set(HeaderNames.HOST, head.authority);
      head.headers.remove(HeaderNames.PROXY_AUTHORIZATION);
    }
    return lane.acquire(target.get());
  }

  private static Requests.UnusableTargetException bad(String message) {
    return new Requests.UnusableTargetException(Refusal.Cause.BAD_REQUEST, message);
  }
}
