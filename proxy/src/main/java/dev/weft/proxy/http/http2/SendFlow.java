package dev.weft.proxy.http.http2;

import dev.weft.proxy.http.ErrorCode;
import dev.weft.proxy.http.HeaderBlock;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * Sends bodies as far as the peer's windows and the channel allow, and in turns. Runs on the
 * connection's loop only.
 *
 * <p>Data leave only while the channel is writable, and count as written when they do; so what the
 * proxy holds of one connection's sending is what the users of its streams have under way, plus the
 * channel's high water mark.
 *
 * <p>Source: RFC 9113, sections 5.2 and 6.9.
 */
final class SendFlow {
  private final Http2Connection connection;
  private final Channel channel;
  private final FrameWriter writer;
  private final FloodGuard guard;
  private final SendQueue queue = new SendQueue();

  private int window = Frames.DEFAULT_WINDOW_BYTES;
  private int streamWindow = Frames.DEFAULT_WINDOW_BYTES;
  private int nextStreamWindow = Frames.DEFAULT_WINDOW_BYTES;

  SendFlow(Http2Connection connection, Channel channel, FrameWriter writer, FloodGuard guard) {
    this.connection = connection;
    this.channel = channel;
    this.writer = writer;
    this.guard = guard;
  }

  /** A stream begins. */
  void open(Http2Stream stream) {
    stream.sendWindow = streamWindow;
  }

  /** A stream was reset: what waits of it is given up. */
  void abandon(Http2Stream stream) {
    queue.remove(stream);
    stream.releasePending();
  }

  /**
   * Sends data now or when it can.
   *
   * @param data consumed
   */
  void send(Http2Stream stream, ByteBuf data) {
    int bytes = data.readableBytes();
    if (bytes == 0) {
      data.release();
      if (stream.endAsked) {
        sendEnd(stream);
      }
    } else if (stream.id != 0
        && !stream.hasPendingData()
        && queue.isEmpty()
        && bytes <= Math.min(writer.maxFrameBytes(), Math.min(window, stream.sendWindow))
        && channel.isWritable()) {
      write(stream, data);
    } else {
      stream.pend(data);
      resume(stream);
    }
  }

  /** Sends trailers, or the bare end, unless data wait before them. */
  void sendEnd(Http2Stream stream) {
    if (!stream.hasPendingData()) {
      resume(stream);
    }
  }

  /** Something of this stream may wait, and its window may have opened. */
  void resume(Http2Stream stream) {
    if (stream.id == 0) {
      return;
    }
    if (stream.hasPendingData()) {
      if (stream.sendWindow > 0) {
        queue.add(stream);
        resume();
      }
    } else if (stream.hasPendingEnd()) {
      writeEnd(stream);
    }
  }

  /** Sends what windows and channel allow, one frame of each stream in turn. */
  void resume() {
    while (window > 0 && channel.isWritable()) {
      Http2Stream stream = queue.first();
      if (stream == null) {
        return;
      }
      queue.remove(stream);
      ByteBuf data = stream.pending == null ? null : stream.pending.peek();
      int allowed = Math.min(window, stream.sendWindow);
      if (data == null || allowed <= 0) {
        continue;
      }
      int bytes = Math.min(Math.min(data.readableBytes(), writer.maxFrameBytes()), allowed);
      if (bytes == data.readableBytes()) {
        stream.pending.remove();
      } else {
        data = data.readRetainedSlice(bytes);
      }
      if (stream.hasPendingData()) {
        queue.add(stream);
      }
      write(stream, data);
    }
  }

  /** Writes one DATA frame, and the end if nothing else waits. */
  private void write(Http2Stream stream, ByteBuf data) {
    int bytes = data.readableBytes();
    boolean last = stream.endAsked && !stream.hasPendingData();
    boolean end = last && stream.pendingTrailers == null;
    window -= bytes;
    stream.sendWindow -= bytes;
    writer.data(stream.id, data, end);
    guard.onDataSent(bytes);
    if (end) {
      connection.localEnd(stream);
    } else if (last) {
      writeEnd(stream);
    }
    stream.reportWritten(bytes);
  }

  private void writeEnd(Http2Stream stream) {
    HeaderBlock trailers = stream.pendingTrailers;
    if (trailers == null) {
      writer.end(stream.id);
    } else {
      stream.pendingTrailers = null;
      connection.encoder.trailers(trailers);
      connection.writeBlock(stream, true);
    }
    connection.localEnd(stream);
  }

  // ---- what the peer allows ----

  /** WINDOW_UPDATE for the connection. */
  void grow(int increment) throws Http2Violation {
    if (increment == 0) {
      throw new Http2Violation(ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE by zero");
    }
    if (window + (long) increment > Frames.LARGEST_WINDOW_BYTES) {
      throw tooLarge("connection window");
    }
    window += increment;
    resume();
  }

  /** WINDOW_UPDATE for a stream. */
  void grow(Http2Stream stream, int increment) throws Http2Violation {
    if (increment == 0) {
      connection.violate(stream, ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE by zero");
    } else if (stream.sendWindow + (long) increment > Frames.LARGEST_WINDOW_BYTES) {
      connection.violate(stream, ErrorCode.FLOW_CONTROL_ERROR, "stream window above 2^31-1");
    } else {
      stream.sendWindow += increment;
      resume(stream);
    }
  }

  /** The peer's SETTINGS_INITIAL_WINDOW_SIZE; takes effect with {@link #applySettings}. */
  void streamWindow(long bytes) throws Http2Violation {
    if (bytes > Frames.LARGEST_WINDOW_BYTES) {
      throw tooLarge("initial window");
    }
    nextStreamWindow = (int) bytes;
  }

  /** Once per SETTINGS frame, however often the frame names the setting: it touches all streams. */
  void applySettings() throws Http2Violation {
    int change = nextStreamWindow - streamWindow;
    streamWindow = nextStreamWindow;
    if (change == 0) {
      return;
    }
    for (Http2Stream stream : connection.streams.values()) {
      long changed = (long) stream.sendWindow + change;
      if (changed > Frames.LARGEST_WINDOW_BYTES) {
        throw tooLarge("stream window");
      }
      stream.sendWindow = (int) changed;
      if (changed > 0 && stream.hasPendingData()) {
        queue.add(stream);
      }
    }
    resume();
  }

  private static Http2Violation tooLarge(String what) {
    return new Http2Violation(ErrorCode.FLOW_CONTROL_ERROR, what + " above 2^31-1");
  }
}
