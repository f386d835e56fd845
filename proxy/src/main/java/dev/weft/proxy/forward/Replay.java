package dev.weft.proxy.forward;

import dev.weft.proxy.http.HeaderBlock;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The part of a request's body that arrived, kept until the response begins so that the request can
 * be sent again to another endpoint. Runs on one loop only; owns the buffers it keeps.
 *
 * <p>What waits for its first sending is kept whatever its size (flow control bounds it); what was
 * sent is kept up to {@link #MAX_BYTES}.
 */
final class Replay {
  /** Most bytes kept of a body that was sent; the contract's retry buffer has the same size. */
  static final int MAX_BYTES = 64 * 1024;

  /** Takes a chunk; it consumes the buffer. */
  interface Chunks {
    void send(ByteBuf data, boolean end);
  }

  private final boolean emptyMessage;
  private final ArrayDeque<ByteBuf> chunks = new ArrayDeque<>(0);
  private @Nullable HeaderBlock trailers;
  private long bytes;
  private boolean ended;
  private boolean complete = true;

  Replay(boolean emptyMessage) {
    this.emptyMessage = emptyMessage;
    this.ended = emptyMessage;
  }

  /** Whether head and end are one: no body follows. */
  boolean isEmptyMessage() {
    return emptyMessage;
  }

  /** Whether all that arrived is still here. */
  boolean canResend() {
    return complete;
  }

  /** Consumes a chunk that cannot be sent yet. */
  void hold(ByteBuf data, boolean end) {
    bytes += data.readableBytes();
    ended = end;
    chunks.add(data);
  }

  void hold(HeaderBlock last) {
    ended = true;
    trailers = last;
  }

  /** Borrows a chunk that is being sent. */
  void keep(ByteBuf data, boolean end) {
    if (!complete) {
      return;
    }
    if (bytes + data.readableBytes() > MAX_BYTES) {
      forget();
      return;
    }
    hold(data.retainedDuplicate(), end);
  }

  void keep(HeaderBlock last) {
    if (complete) {
      hold(last.copy());
    }
  }

  /** Sends all that is here, keeping it when it is small enough. */
  void replay(Chunks body, Consumer<HeaderBlock> last) {
    if (emptyMessage) {
      return;
    }
    boolean keeps = complete && bytes <= MAX_BYTES;
    HeaderBlock end = trailers;
    int count = chunks.size();
    if (!keeps) {
      complete = false;
      trailers = null;
    }
    for (int i = 0; i < count; i++) {
      ByteBuf chunk = chunks.poll();
      if (chunk == null) {
        return; // released from within a call
      }
      boolean isLast = i == count - 1 && ended && end == null;
      if (keeps) {
        ByteBuf copy = chunk.retainedDuplicate();
        chunks.add(chunk);
        body.send(copy, isLast);
      } else {
        body.send(chunk, isLast);
      }
    }
    if (end != null) {
      last.accept(keeps ? end.copy() : end);
    }
  }

  /** It will not be sent again. */
  void forget() {
    complete = false;
    release();
  }

  /** Frees what is kept. */
  void release() {
    for (ByteBuf chunk = chunks.poll(); chunk != null; chunk = chunks.poll()) {
      chunk.release();
    }
    trailers = null;
  }
}
