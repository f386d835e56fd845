package dev.weft.proxy.http.http2;

import dev.weft.proxy.http.BodyListener;
import dev.weft.proxy.http.BodySink;
import dev.weft.proxy.http.BodySource;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.Reset;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One stream: its state, windows, and what waits to be sent. Runs on the connection's loop only.
 *
 * <p>The fields belong to this package's connection, which changes them; the user of the exchange
 * sees the methods of {@link BodySink} and {@link BodySource} alone.
 */
abstract class Http2Stream implements BodySink, BodySource {
  /** No {@code content-length}, or none that binds. */
  static final long ANY_LENGTH = -1;

  final Http2Connection link;

  /** 0 until the stream is opened on the wire. */
  int id;

  @Nullable BodyListener listener;

  /** Whether the user ended the own message, and whether END_STREAM went out. */
  boolean endAsked;

  boolean localEnded;

  /** Whether the peer's (final) head came, and the end of its message. */
  boolean headReceived;

  boolean remoteEnded;

  /** Whether the exchange is over, in good order or by reset. */
  boolean closed;

  int sendWindow;
  int receiveWindow;

  /** Consumed bytes which the peer was not told of yet. */
  int credit;

  /** By how much the receive window grew; see {@link ReceiveFlow}. */
  int growth;

  /** Bytes delivered and not reported as consumed. */
  int unconsumed;

  /** How many bytes of body must still come, or {@link #ANY_LENGTH}. */
  long expectedBytes = ANY_LENGTH;

  /** What waits for windows or for the channel: data, then trailers or the bare end. */
  @Nullable ArrayDeque<ByteBuf> pending;

  @Nullable HeaderBlock pendingTrailers;

  /** Links of {@link SendQueue}. */
  @Nullable Http2Stream nextToSend;

  @Nullable Http2Stream previousToSend;
  boolean queued;

  /** Written before the user said who listens; see {@link #listen}. */
  private int unreportedWritten;

  private boolean reportingWritten;

  private @Nullable Reset earlyReset;

  Http2Stream(Http2Connection link, @Nullable BodyListener listener) {
    this.link = link;
    this.listener = listener;
  }

  /** Whether the own message may go on now: its head was sent or waits. */
  abstract boolean mayHaveBody();

  @Override
  public void data(ByteBuf data, boolean end) {
    if (closed || endAsked) {
      data.release();
      return;
    }
    if (!mayHaveBody()) {
      data.release();
      throw new IllegalStateException("body before the head on stream " + id);
    }
    endAsked = end;
    link.send(this, data);
  }

  @Override
  public void trailers(HeaderBlock trailers) {
    if (closed || endAsked) {
      return;
    }
    if (!mayHaveBody()) {
      throw new IllegalStateException("trailers before the head on stream " + id);
    }
    endAsked = true;
    pendingTrailers = trailers.isEmpty() ? null : trailers;
    link.sendEnd(this);
  }

  @Override
  public void reset(Reset reason) {
    if (!closed) {
      link.resetByUser(this, reason);
    }
  }

  @Override
  public void consumed(int bytes) {
    int n = Math.min(bytes, unconsumed);
    if (n > 0) {
      unconsumed -= n;
      link.consumed(this, n);
    }
  }

  boolean hasPendingData() {
    return pending != null && !pending.isEmpty();
  }

  /** Whether the end was asked for and is not on the wire. */
  boolean hasPendingEnd() {
    return endAsked && !localEnded;
  }

  void pend(ByteBuf data) {
    if (pending == null) {
      pending = new ArrayDeque<>(4);
    }
    pending.add(data);
  }

  void releasePending() {
    pendingTrailers = null;
    if (pending == null) {
      return;
    }
    for (ByteBuf data = pending.poll(); data != null; data = pending.poll()) {
      data.release();
    }
  }

  /** Tells the listener, without recursion when it answers by sending more. */
  void reportWritten(int bytes) {
    unreportedWritten += bytes;
    BodyListener to = listener;
    if (to == null || reportingWritten) {
      return;
    }
    reportingWritten = true;
    try {
      while (unreportedWritten > 0) {
        int report = unreportedWritten;
        unreportedWritten = 0;
        to.onWritten(report);
      }
    } finally {
      reportingWritten = false;
    }
  }

  void reportReset(Reset reason) {
    BodyListener to = listener;
    if (to != null) {
      to.onReset(reason);
    } else {
      earlyReset = reason;
    }
  }

  /** The listener became known, possibly after an answer was given: it hears what it missed. */
  void listen(BodyListener to) {
    listener = to;
    reportWritten(0);
    if (earlyReset != null) {
      to.onReset(earlyReset);
    }
  }

  BodyListener listener() {
    BodyListener to = listener;
    if (to == null) {
      throw new IllegalStateException("nobody listens to stream " + id);
    }
    return to;
  }
}
