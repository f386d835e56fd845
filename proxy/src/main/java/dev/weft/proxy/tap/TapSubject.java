package dev.weft.proxy.tap;

import dev.weft.api.tap.TapEvent.ProxyDirection;
import java.net.InetSocketAddress;
import java.util.Map;

/**
 * A request on its way to an endpoint, as a tap looks at it. Asked only while there are taps; used
 * on the request's loop only.
 *
 * <p>Source: facts/proxy-api.md 19.3.
 */
public interface TapSubject {
  /** Which side of the proxy. */
  ProxyDirection direction();

  /** The client. */
  InetSocketAddress source();

  /** The endpoint. */
  InetSocketAddress destination();

  /** {@code tls} and what belongs to it. */
  Map<String, String> sourceLabels();

  /** The endpoint's labels, with {@code tls} and what belongs to it. */
  Map<String, String> destinationLabels();

  /** Labels of the profile's route. */
  Map<String, String> routeLabels();
}
