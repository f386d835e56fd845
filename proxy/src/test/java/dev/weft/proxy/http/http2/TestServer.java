package dev.weft.proxy.http.http2;

import dev.weft.proxy.http.ExchangeHandler;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.Refusal;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.RequestListener;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.ServerConnection;
import dev.weft.proxy.http.ServerExchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A server connection in an embedded channel with its far end. */
final class TestServer implements ExchangeHandler {
  /** A request the server reported. */
  record Request(RequestHead head, ServerExchange exchange, boolean end, Recorder heard) {}

  final Wire wire = new Wire();
  final Http2ServerConnection connection;
  final EmbeddedChannel channel;
  final List<Request> requests = new ArrayList<>();
  final List<Refusal> refusals = new ArrayList<>();

  /** What to do with each request; nothing unless set. */
  Consumer<Request> answer = request -> {};

  boolean consumes = true;

  TestServer() {
    this(Http2Settings.DEFAULT);
  }

  TestServer(Http2Settings settings) {
    connection = new Http2ServerConnection(settings, this);
    channel = new EmbeddedChannel(connection);
    channel.freezeTime();
  }

  /** One which has exchanged preface and settings. */
  static TestServer ready() {
    return ready(Http2Settings.DEFAULT);
  }

  static TestServer ready(Http2Settings settings) {
    TestServer server = new TestServer(settings);
    server.send(Wire.PREFACE, Wire.settings(), Wire.settingsAck());
    server.received();
    return server;
  }

  @Override
  public RequestListener onRequest(RequestHead head, ServerExchange exchange, boolean end) {
    Recorder heard = new Recorder();
    heard.source = exchange;
    heard.consumes = consumes;
    Request request = new Request(head, exchange, end, heard);
    requests.add(request);
    answer.accept(request);
    return heard;
  }

  @Override
  public void onRefused(ServerConnection from, Refusal refusal) {
    refusals.add(refusal);
  }

  void send(byte[]... parts) {
    byte[] all = Wire.concat(parts);
    channel.writeInbound(Wire.buffer(all, 0, all.length));
  }

  /** The frames the server sent since the last call. */
  List<String> received() {
    channel.runPendingTasks();
    List<String> lines = new ArrayList<>();
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      lines.addAll(wire.take(out));
    }
    return lines;
  }

  void advance(long millis) {
    channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    channel.runPendingTasks();
  }

  Request last() {
    return requests.getLast();
  }

  void finish() {
    channel.finishAndReleaseAll();
  }

  static ResponseHead head(int status, String... fields) {
    ResponseHead head = ResponseHead.of(status);
    fields(head.headers, fields);
    return head;
  }

  static HeaderBlock trailers(String... fields) {
    return fields(new HeaderBlock(), fields);
  }

  static HeaderBlock fields(HeaderBlock block, String... fields) {
    for (String field : fields) {
      int cut = field.indexOf('=');
      byte[] name = field.substring(0, cut).getBytes(StandardCharsets.US_ASCII);
      block.add(HeaderNames.of(name, 0, name.length), AsciiString.of(field.substring(cut + 1)));
    }
    return block;
  }

  static ByteBuf text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Wire.buffer(bytes, 0, bytes.length);
  }

  static ByteBuf zeros(int bytes) {
    return Wire.buffer(new byte[bytes], 0, bytes);
  }

  static ByteBuf empty() {
    return Unpooled.EMPTY_BUFFER;
  }
}
