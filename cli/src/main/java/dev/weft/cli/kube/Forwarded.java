package dev.weft.cli.kube;

import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * A forwarded port of the client library.
 *
 * @param forward owned
 */
record Forwarded(LocalPortForward forward) implements PodPort {
  @Override
  public InetSocketAddress address() {
    return new InetSocketAddress(forward.getLocalAddress(), forward.getLocalPort());
  }

  @Override
  public void close() {
    try {
      forward.close();
    } catch (IOException _) {
      // The port is given back when the process ends.
    }
  }
}
