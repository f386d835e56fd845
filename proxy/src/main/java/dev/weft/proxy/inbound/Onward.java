package dev.weft.proxy.inbound;

import dev.weft.proxy.forward.Forward;
import dev.weft.proxy.forward.Refusal;
import org.jspecify.annotations.Nullable;

/** Where the requests of a connection go once policy let them pass. Runs on its loop only. */
@FunctionalInterface
interface Onward {
  /**
   * Sends a request.
   *
   * @return why it is not sent, or null
   */
  @Nullable Refusal send(Forward request);

  /** To the application that the connection is for. */
  static Onward toApplication(Worker worker, Peer peer) {
    return request -> {
      worker.applications().send(peer.target(), request);
      return null;
    };
  }
}
