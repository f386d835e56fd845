package dev.weft.proxy.http.http1;

import dev.weft.proxy.http.BodyListener;
import dev.weft.proxy.http.BodySource;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * What the exchanges of both sides have in common: the message being received, the writer of the
 * own one, and when both are over. Runs on the channel's loop only.
 */
abstract class Http1Stream implements BodySource, BodyWriter.Sender {
  private final Http1Connection<?> link;
  private final Credit credit;
  final Wire wire;
  final BodyWriter out;

  // Of the request.
  final boolean headMethod;
  final boolean connect;
  final boolean upgradeWanted;

  /** Whether the own message ended, and the peer's. */
  boolean localEnded;

  boolean remoteEnded;

  /** Both sides agreed to an upgrade. */
  boolean tunnel;

  /** No callback may follow. */
  boolean dead;

  /** Both directions ended and the connection knows. */
  boolean over;

  Http1Stream(Http1Connection<?> link, RequestHead request) {
    this.link = link;
    this.wire = link.wire();
    this.out = new BodyWriter(wire);
    this.credit = new Credit(link.settings.maxInFlightBytes());
    this.headMethod = request.isHead();
    this.connect = request.isConnect();
    this.upgradeWanted = request.upgrade;
  }

  abstract BodyListener listener();

  /** Tells the connection that the exchange ended in both directions. */
  abstract void onOver();

  /** The exchange ends early; its user hears it, unless it ended it. */
  abstract void lost(Reset reason);

  /** Whether more of the peer's message is wanted now. */
  boolean wantsData() {
    return !remoteEnded && credit.isAvailable();
  }

  /** Consumes the data. */
  void deliver(ByteBuf data) {
    credit.deliver(data.readableBytes());
    listener().onData(data, false);
  }

  /** Consumes the data. */
  void deliverEnd(ByteBuf data, @Nullable HeaderBlock trailers) {
    if (trailers != null && data.isReadable()) {
      deliver(data);
      if (dead) {
        return;
      }
    }
    remoteEnded = true;
    if (trailers != null) {
      listener().onTrailers(trailers);
    } else {
      credit.deliver(data.readableBytes());
      listener().onData(data, true);
    }
    endIfComplete();
  }

  /** The peer's message ends here. */
  void deliverEnd() {
    deliverEnd(Unpooled.EMPTY_BUFFER, null);
  }

  void endIfComplete() {
    if (localEnded && remoteEnded && !dead && !over) {
      over = true;
      onOver();
    }
  }

  @Override
  public void consumed(int bytes) {
    credit.consumed(bytes);
    if (!dead && !remoteEnded) {
      link.pump();
    }
  }
}
