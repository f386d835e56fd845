package dev.weft.proxy.outbound;

import dev.weft.proxy.forward.Refusal;
import dev.weft.proxy.http.Reset;

/**
 * Why a request, or an attempt at it, ended without a whole response; the values of the label
 * {@code error} of route metrics.
 *
 * <p>Source: facts/proxy.md 4.4.
 */
enum RouteError {
  NONE(""),
  FAIL_FAST("FAIL_FAST"),
  LOAD_SHED("LOAD_SHED"),
  REQUEST_TIMEOUT("REQUEST_TIMEOUT"),
  RESPONSE_HEADERS_TIMEOUT("RESPONSE_HEADERS_TIMEOUT"),
  RESPONSE_STREAM_TIMEOUT("RESPONSE_STREAM_TIMEOUT"),
  IDLE_TIMEOUT("IDLE_TIMEOUT"),
  CANCEL("CANCEL"),
  REFUSED("REFUSED"),
  ENHANCE_YOUR_CALM("ENHANCE_YOUR_CALM"),
  RESET("RESET"),
  GO_AWAY("GO_AWAY"),
  IO("IO"),
  UNKNOWN("UNKNOWN");

  private final String label;

  RouteError(String label) {
    this.label = label;
  }

  /** Value of the label; empty for {@link #NONE}. */
  String label() {
    return label;
  }

  static RouteError of(Reset reset) {
    return switch (reset.origin()) {
      case CONNECTION -> IO;
      case UNPROCESSED -> REFUSED;
      case VIOLATION -> UNKNOWN;
      case LOCAL -> CANCEL;
      case PEER ->
          switch (reset.codeName()) {
            case "CANCEL" -> CANCEL;
            case "REFUSED_STREAM" -> REFUSED;
            case "ENHANCE_YOUR_CALM" -> ENHANCE_YOUR_CALM;
            default -> RESET;
          };
    };
  }

  static RouteError of(Refusal.Cause cause) {
    return switch (cause) {
      case FAIL_FAST -> FAIL_FAST;
      case LOAD_SHED -> LOAD_SHED;
      case BAD_GATEWAY, CONNECT_TIMEOUT -> IO;
      default -> UNKNOWN;
    };
  }
}
