package dev.weft.proxy.http.http2;

import dev.weft.proxy.http.ClientConnection;
import dev.weft.proxy.http.ClientExchange;
import dev.weft.proxy.http.ConnectionListener;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A client connection in an embedded channel with its far end. */
final class TestClient implements ConnectionListener {
  /** A request opened, and what its listener heard. */
  record Call(ClientExchange exchange, Recorder heard) {}

  final Wire wire = new Wire();
  final Http2ClientConnection connection;
  final EmbeddedChannel channel;

  /** What the pool heard. */
  final List<String> events = new ArrayList<>();

  TestClient() {
    this(Http2Settings.DEFAULT);
  }

  TestClient(Http2Settings settings) {
    connection = new Http2ClientConnection(settings, this);
    channel = new EmbeddedChannel(connection);
    channel.freezeTime();
  }

  /** One which has exchanged settings; these are the peer's. */
  static TestClient ready(int... settings) {
    TestClient client = new TestClient();
    client.send(Wire.settings(settings), Wire.settingsAck());
    client.received();
    return client;
  }

  Call open(String method, boolean end, String... fields) {
    RequestHead head = RequestHead.of(HttpVersion.HTTP_2, method, "/");
    head.scheme = AsciiString.of("http");
    head.authority = AsciiString.of("web");
    TestServer.fields(head.headers, fields);
    return open(head, end);
  }

  Call open(RequestHead head, boolean end) {
    Recorder heard = new Recorder();
    ClientExchange exchange = connection.open(head, end, heard);
    heard.source = exchange;
    return new Call(exchange, heard);
  }

  void send(byte[]... parts) {
    byte[] all = Wire.concat(parts);
    channel.writeInbound(Wire.buffer(all, 0, all.length));
  }

  /** The frames the client sent since the last call. */
  List<String> received() {
    channel.runPendingTasks();
    List<String> lines = new ArrayList<>();
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      if (out.readableBytes() >= 24
          && out.toString(out.readerIndex(), 3, StandardCharsets.US_ASCII).equals("PRI")) {
        out.skipBytes(24);
        lines.add("PREFACE");
      }
      lines.addAll(wire.take(out));
    }
    return lines;
  }

  void advance(long millis) {
    channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    channel.runPendingTasks();
  }

  void finish() {
    channel.finishAndReleaseAll();
  }

  @Override
  public void onIdle(ClientConnection from) {
    events.add("idle");
  }

  @Override
  public void onDraining(ClientConnection from) {
    events.add("draining");
  }

  @Override
  public void onMaxConcurrentExchanges(ClientConnection from, int limit) {
    events.add("limit " + limit);
  }

  @Override
  public void onClosed(ClientConnection from, Reset reason) {
    events.add("closed " + reason.origin());
  }
}
