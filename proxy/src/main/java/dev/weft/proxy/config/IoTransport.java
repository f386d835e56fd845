package dev.weft.proxy.config;

/** The mechanism by which event loops wait for sockets. */
public enum IoTransport {
  /** Linux epoll; the only one that can read an original destination of both families. */
  EPOLL,
  /** Linux io_uring. */
  IO_URING,
  /** The JDK's selector; works everywhere, knows no original destination. */
  NIO
}
