package dev.weft.cli.kube;

import java.net.InetSocketAddress;

/** A way from this machine to a port of a pod, until it is closed. */
public interface PodPort extends AutoCloseable {
  /** Where to connect, on the loopback interface. */
  InetSocketAddress address();

  @Override
  void close();
}
