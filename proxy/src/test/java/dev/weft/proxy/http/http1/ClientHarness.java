package dev.weft.proxy.http.http1;

import dev.weft.proxy.http.ClientConnection;
import dev.weft.proxy.http.ClientExchange;
import dev.weft.proxy.http.ConnectionListener;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.Reset;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** A client connection on an embedded channel. */
final class ClientHarness implements AutoCloseable, ConnectionListener {
  final Http1ClientConnection connection;
  final HalfClosableChannel channel;
  Runnable onIdleOnce = () -> {};
  int idles;
  int drainings;
  @Nullable Reset closed;

  ClientHarness() {
    this(Http1Settings.DEFAULT);
  }

  ClientHarness(Http1Settings settings) {
    connection = new Http1ClientConnection(settings, this);
    channel = new HalfClosableChannel(connection);
  }

  record Sent(ClientExchange exchange, Recorder response) {}

  static RequestHead request(String method, String path) {
    RequestHead head = RequestHead.of(HttpVersion.HTTP_1_1, method, path);
    head.headers.add(HeaderNames.HOST, AsciiString.of("web"));
    return head;
  }

  Sent open(String method) {
    return open(request(method, "/"), true);
  }

  Sent open(RequestHead head, boolean end) {
    Sent sent = openWithoutTasks(head, end);
    channel.runPendingTasks();
    return sent;
  }

  /** As within a turn of the loop: nothing is flushed yet. */
  Sent openWithoutTasks(RequestHead head, boolean end) {
    Recorder recorder = new Recorder();
    ClientExchange exchange = connection.open(head, end, recorder);
    recorder.source = exchange;
    return new Sent(exchange, recorder);
  }

  void receive(String bytes) {
    ServerHarness.send(channel, bytes);
  }

  void endInput() {
    channel.endInput();
  }

  String sent() {
    return ServerHarness.sent(channel);
  }

  @Override
  public void onIdle(ClientConnection idle) {
    idles++;
    Runnable once = onIdleOnce;
    onIdleOnce = () -> {};
    once.run();
  }

  @Override
  public void onDraining(ClientConnection draining) {
    drainings++;
  }

  @Override
  public void onClosed(ClientConnection gone, Reset reason) {
    if (closed != null) {
      throw new AssertionError("closed twice");
    }
    closed = reason;
  }

  @Override
  public void close() {
    var _ = channel.close();
    channel.runPendingTasks();
    sent();
  }
}
