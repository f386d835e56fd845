package dev.weft.proxy.inbound;

import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.tls.PeerId;
import io.netty.util.concurrent.Ticker;
import java.net.InetSocketAddress;
import java.security.cert.CertificateException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What one loop's inbound side tells the operator. A flood of refusals is told as a few lines per
 * second and a count, so that an attacker cannot fill a disk. Runs on that loop only.
 */
final class InboundLog {
  /** Lines per second and loop. */
  static final int MAX_LINES_PER_SECOND = 20;

  private final Logger log;
  private final Ticker ticker;
  private long second = Long.MIN_VALUE;
  private int lines;
  private long suppressed;

  InboundLog(Logger log, Ticker ticker) {
    this.log = log;
    this.ticker = ticker;
  }

  /** A connection or request was refused by policy. */
  void denied(Peer peer, String reason) {
    write(Level.INFO, peer.address(), peer.target(), peer.identity(), reason);
  }

  /** A connection allowed before is ended by a changed policy. */
  void terminated(Peer peer, String reason) {
    write(Level.INFO, peer.address(), peer.target(), peer.identity(), "terminated: " + reason);
  }

  /** The default policy {@code audit} let something through. */
  void audited(Peer peer, String what) {
    write(Level.INFO, peer.address(), peer.target(), peer.identity(), what + " allowed by audit");
  }

  /** A connection was refused before it could be judged. */
  void refused(InetSocketAddress client, @Nullable InetSocketAddress target, String reason) {
    write(Level.INFO, client, target, null, reason);
  }

  /** Something per connection that nobody has to act on. */
  void debug(InetSocketAddress client, @Nullable InetSocketAddress target, String what) {
    if (log.isDebugEnabled()) {
      write(Level.DEBUG, client, target, null, what);
    }
  }

  /** A policy cannot be enforced, so everything is refused. */
  void cannotEnforce(int port, String problem) {
    log.atWarn().addKeyValue("port", port).log(problem);
  }

  /** The innermost reason of a failed handshake: what the certificate check said, if it spoke. */
  static String reason(Throwable failure) {
    Throwable deepest = failure;
    for (Throwable at = failure; at != null; at = at.getCause()) {
      deepest = at;
      if (at instanceof CertificateException) {
        break;
      }
    }
    String message = deepest.getMessage();
    return message == null ? deepest.getClass().getSimpleName() : message;
  }

  private void write(
      Level level,
      InetSocketAddress client,
      @Nullable InetSocketAddress target,
      @Nullable PeerId identity,
      String message) {
    if (!log.isEnabledForLevel(level) || !admit()) {
      return;
    }
    LoggingEventBuilder event = log.atLevel(level).addKeyValue("peer", Endpoint.text(client));
    if (target != null) {
      event = event.addKeyValue("target", Endpoint.text(target));
    }
    if (identity != null) {
      event = event.addKeyValue("identity", identity.text());
    }
    if (suppressed > 0) {
      event = event.addKeyValue("suppressed", suppressed);
      suppressed = 0;
    }
    event.log(message);
  }

  private boolean admit() {
    long now = TimeUnit.NANOSECONDS.toSeconds(ticker.nanoTime());
    if (now != second) {
      second = now;
      lines = 0;
    }
    if (++lines <= MAX_LINES_PER_SECOND) {
      return true;
    }
    suppressed++;
    return false;
  }
}
