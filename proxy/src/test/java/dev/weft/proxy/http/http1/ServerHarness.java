package dev.weft.proxy.http.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;

/** A server connection on an embedded channel. */
final class ServerHarness implements AutoCloseable {
  final FakeHandler handler = new FakeHandler();
  final Http1ServerConnection connection;
  final HalfClosableChannel channel;

  ServerHarness() {
    this(Http1Settings.DEFAULT);
  }

  ServerHarness(Http1Settings settings) {
    connection = new Http1ServerConnection(handler, settings);
    channel = new HalfClosableChannel(connection);
  }

  ServerHarness send(String bytes) {
    send(channel, bytes);
    return this;
  }

  static void send(EmbeddedChannel channel, String bytes) {
    channel.writeInbound(
        channel.alloc().buffer().writeBytes(bytes.getBytes(StandardCharsets.ISO_8859_1)));
    channel.runPendingTasks();
  }

  void endInput() {
    channel.endInput();
  }

  /** What was sent since the last call. */
  String sent() {
    return sent(channel);
  }

  static String sent(EmbeddedChannel channel) {
    channel.runPendingTasks();
    StringBuilder text = new StringBuilder();
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      text.append(new String(ByteBufUtil.getBytes(out), StandardCharsets.ISO_8859_1));
      out.release();
    }
    return text.toString();
  }

  @Override
  public void close() {
    var _ = channel.close();
    channel.runPendingTasks();
    sent();
  }
}
