package dev.weft.proxy.outbound;

import java.io.IOException;

/** A route lets a connection not through. Carries no stack trace: it is an answer, not a bug. */
final class RouteException extends IOException {
  private static final long serialVersionUID = 1;
  private final TcpRouteMeter.Error error;

  RouteException(String message, TcpRouteMeter.Error error) {
    super(message);
    this.error = error;
  }

  /** How a failure to connect is counted. */
  static TcpRouteMeter.Error error(Throwable cause) {
    return cause instanceof RouteException e ? e.error : TcpRouteMeter.Error.UNEXPECTED;
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
