package dev.weft.proxy.http.http2;

import org.jspecify.annotations.Nullable;

/**
 * The streams which have something to send and a window for it, first come first served. A list
 * linked through the streams themselves, so that a stream which ends leaves it at once. Runs on the
 * connection's loop only.
 */
final class SendQueue {
  private @Nullable Http2Stream first;
  private @Nullable Http2Stream last;

  boolean isEmpty() {
    return first == null;
  }

  @Nullable Http2Stream first() {
    return first;
  }

  /** Appends a stream unless it is in the queue. */
  void add(Http2Stream stream) {
    if (stream.queued) {
      return;
    }
    stream.queued = true;
    stream.previousToSend = last;
    if (last == null) {
      first = stream;
    } else {
      last.nextToSend = stream;
    }
    last = stream;
  }

  /** Takes a stream out if it is in the queue. */
  void remove(Http2Stream stream) {
    if (!stream.queued) {
      return;
    }
    stream.queued = false;
    Http2Stream before = stream.previousToSend;
    Http2Stream after = stream.nextToSend;
    if (before == null) {
      first = after;
    } else {
      before.nextToSend = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previousToSend = before;
    }
    stream.previousToSend = null;
    stream.nextToSend = null;
  }
}
