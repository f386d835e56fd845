package dev.weft.proxy.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * Lets a TLS connection go on in one direction after the peer has ended the other, as TLS 1.3 means
 * it (RFC 8446, 6.1) and as proxies in other languages do it. Stateless.
 *
 * <p>The engine of Netty answers a close_notify by ending its own direction at once, whatever is
 * still to be sent, and has no setting against it. It does so unless its private field {@code
 * receivedShutdown} says that this happened already; so that is said right after the handshake, and
 * the library is asked instead whether the peer has ended. Where the field cannot be reached the
 * engine behaves as it always does: nothing is insecure, half-closed connections end early. A test
 * of the relay over mesh TLS notices if an update of Netty breaks this.
 */
final class HalfOpen {
  private static final @Nullable VarHandle RECEIVED_SHUTDOWN = find();

  private HalfOpen() {}

  private static @Nullable VarHandle find() {
    try {
      return MethodHandles.privateLookupIn(
              ReferenceCountedOpenSslEngine.class, MethodHandles.lookup())
          .findVarHandle(ReferenceCountedOpenSslEngine.class, "receivedShutdown", boolean.class);
    } catch (ReflectiveOperationException | RuntimeException _) {
      return null;
    }
  }

  /** Keeps the engine from ending its own direction with the peer's. After the handshake. */
  static void allow(SSLEngine engine) {
    if (RECEIVED_SHUTDOWN != null && engine instanceof ReferenceCountedOpenSslEngine openSsl) {
      RECEIVED_SHUTDOWN.set(openSsl, true);
    }
  }

  /** Whether the peer's close_notify has been received. */
  static boolean peerEnded(SSLEngine engine) {
    if (engine.isInboundDone()) {
      return true;
    }
    if (!(engine instanceof ReferenceCountedOpenSslEngine openSsl)) {
      return false;
    }
    long pointer = openSsl.sslPointer();
    return pointer != 0 && (SSL.getShutdown(pointer) & SSL.SSL_RECEIVED_SHUTDOWN) != 0;
  }
}
