package dev.weft.proxy.http.http1;

import dev.weft.proxy.http.HeaderBlock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.util.CharsetUtil;

/**
 * Writes the body of one message in its framing. Runs on the channel's loop only.
 *
 * <p>Source: RFC 9112, sections 6 and 7.1.
 */
final class BodyWriter {
  /** Whoever sends a body. */
  interface Sender {
    /** {@code bytes} of what was given left this proxy's buffers. */
    void written(int bytes);
  }

  private enum Mode {
    NONE,
    LENGTH,
    CHUNKED,
    UNTIL_CLOSE
  }

  /** Chunks up to this size are copied into one buffer with their framing: cheaper than three. */
  private static final int MAX_COPIED_CHUNK_BYTES = 1024;

  /** Size line with 8 digits, and CRLF, last chunk and CRLF behind the data. */
  private static final int MAX_CHUNK_FRAMING_BYTES = 10 + 7;

  private static final ByteBuf CRLF = constant("\r\n");
  private static final ByteBuf LAST_CHUNK = constant("0\r\n\r\n");
  private static final ByteBuf CRLF_LAST_CHUNK = constant("\r\n0\r\n\r\n");

  private final Wire wire;
  private Mode mode = Mode.NONE;
  private long remaining;

  BodyWriter(Wire wire) {
    this.wire = wire;
  }

  private static ByteBuf constant(String text) {
    byte[] bytes = text.getBytes(CharsetUtil.US_ASCII);
    return Unpooled.unreleasableBuffer(Unpooled.directBuffer(bytes.length).writeBytes(bytes));
  }

  /** The message has no body whatever its head says. */
  void none() {
    mode = Mode.NONE;
  }

  /** The body has so many bytes. */
  void length(long bytes) {
    mode = Mode.LENGTH;
    remaining = bytes;
  }

  void chunked() {
    mode = Mode.CHUNKED;
  }

  /** The body (or tunnel) ends when the sending direction does. */
  void untilClose() {
    mode = Mode.UNTIL_CLOSE;
  }

  /** Whether the end of the message is the end of sending. */
  boolean endsWithConnection() {
    return mode == Mode.UNTIL_CLOSE;
  }

  /** Whether a message that ends here is as long as its head said. */
  boolean isComplete() {
    return mode != Mode.LENGTH || remaining == 0;
  }

  /**
   * Writes a part of the body.
   *
   * @param data consumed; what is beyond the length is dropped
   * @param end whether it is the last part
   * @param sender hears of the bytes once they left
   */
  void data(ByteBuf data, boolean end, Sender sender) {
    int bytes = data.readableBytes();
    switch (mode) {
      case NONE -> {
        data.release();
        if (bytes > 0) {
          sender.written(bytes);
        }
      }
      case LENGTH -> {
        if (bytes > remaining) {
          data.writerIndex(data.readerIndex() + (int) remaining);
        }
        remaining -= data.readableBytes();
        plain(data, bytes, sender);
      }
      case UNTIL_CLOSE -> plain(data, bytes, sender);
      case CHUNKED -> chunk(data, bytes, end, sender);
    }
  }

  private void plain(ByteBuf data, int bytes, Sender sender) {
    if (bytes == 0) {
      data.release();
    } else {
      wire.write(data).addListener(new Written(sender, bytes));
    }
  }

  private void chunk(ByteBuf data, int bytes, boolean end, Sender sender) {
    if (bytes == 0) {
      data.release();
      if (end) {
        wire.write(LAST_CHUNK.duplicate());
      }
      return;
    }
    ChannelFuture written;
    if (bytes <= MAX_COPIED_CHUNK_BYTES) {
      ByteBuf whole = wire.ctx().alloc().ioBuffer(bytes + MAX_CHUNK_FRAMING_BYTES);
      sizeLine(whole, bytes);
      whole.writeBytes(data);
      data.release();
      ByteBuf tail = end ? CRLF_LAST_CHUNK : CRLF;
      whole.writeBytes(tail, tail.readerIndex(), tail.readableBytes());
      written = wire.write(whole);
    } else {
      ByteBuf line = wire.ctx().alloc().ioBuffer(MAX_CHUNK_FRAMING_BYTES);
      sizeLine(line, bytes);
      wire.write(line);
      written = wire.write(data);
      wire.write((end ? CRLF_LAST_CHUNK : CRLF).duplicate());
    }
    written.addListener(new Written(sender, bytes));
  }

  private static void sizeLine(ByteBuf out, int size) {
    int digits = Math.max(1, (35 - Integer.numberOfLeadingZeros(size)) / 4);
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
      int digit = size >> shift & 0xF;
      out.writeByte(digit < 10 ? '0' + digit : 'a' + digit - 10);
    }
    out.writeByte('\r').writeByte('\n');
  }

  /** Ends the message with trailers, or without where the framing has no room for them. */
  void trailers(HeaderBlock trailers) {
    if (mode == Mode.CHUNKED) {
      wire.write(HeadWriter.trailers(wire.ctx().alloc(), trailers));
    }
  }

  /** Tells a sender that its bytes left. */
  private record Written(Sender sender, int bytes) implements ChannelFutureListener {
    @Override
    public void operationComplete(ChannelFuture future) {
      if (future.isSuccess()) {
        sender.written(bytes);
      }
    }
  }
}
