package dev.weft.policy.outbound;

/** Why a connection on an opaque or TLS route is refused. */
public sealed interface TcpFilter {
  /** It is not allowed. */
  record Forbidden() implements TcpFilter {}

  /**
   * The configuration is wrong.
   *
   * @param message in what, for logs
   */
  record Invalid(String message) implements TcpFilter {}
}
