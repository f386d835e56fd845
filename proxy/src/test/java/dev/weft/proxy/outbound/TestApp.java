package dev.weft.proxy.outbound;

import dev.weft.proxy.http.ExchangeHandler;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.RequestListener;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.ServerExchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An application: answers by path. {@code /} with its name, {@code /status/204} with that status,
 * {@code /echo} with the body of the request, {@code /grpc} likewise as gRPC, {@code /ws} with an
 * upgrade, {@code /pour} with a body without end, {@code /hang} never, {@code /stall} with a head
 * only; {@code /flaky/503/2} with that status so many times before it echoes, {@code
 * /trailers/14/2} likewise with gRPC trailers.
 */
final class TestApp implements ExchangeHandler {
  private static final int CHUNK = 16 * 1024;

  final String name;
  final BlockingQueue<RequestHead> requests = new LinkedBlockingQueue<>();
  final AtomicInteger count = new AtomicInteger();
  private final Map<String, AtomicInteger> failures = new ConcurrentHashMap<>();
  final AtomicLong poured = new AtomicLong();

  TestApp(String name) {
    this.name = name;
  }

  @Override
  public RequestListener onRequest(RequestHead head, ServerExchange exchange, boolean end) {
    count.incrementAndGet();
    if (requests.size() < 100) {
      requests.add(head.copy());
    }
    String path = head.path.toString();
    if (path.startsWith("/flaky/") && fails(path)) {
      exchange.respond(response(head, Integer.parseInt(path.split("[/-]")[2])), true);
      return new Sink(exchange);
    } else if (path.startsWith("/trailers-") && fails(path)) {
      exchange.respond(grpc(), false);
      HeaderBlock trailers = new HeaderBlock();
      trailers.add(AsciiString.of("grpc-status"), AsciiString.of(path.split("[/-]")[2]));
      exchange.trailers(trailers);
      return new Sink(exchange);
    } else if (path.startsWith("/hang")) {
      return new Sink(exchange);
    } else if (path.startsWith("/stall")) {
      exchange.respond(response(head, 200), false);
      return new Sink(exchange);
    } else if (path.startsWith("/trailers-")) {
      return new Echo(head, exchange, end, true);
    } else if (path.startsWith("/flaky/")) {
      return new Echo(head, exchange, end, false);
    } else if (path.startsWith("/echo")) {
      return new Echo(head, exchange, end, false);
    } else if (path.startsWith("/grpc")) {
      return new Echo(head, exchange, end, true);
    } else if (path.startsWith("/ws")) {
      ResponseHead switching = ResponseHead.of(101);
      switching.headers.add(HeaderNames.CONNECTION, AsciiString.of("upgrade"));
      switching.headers.add(HeaderNames.UPGRADE, AsciiString.of("test"));
      exchange.upgrade(switching);
      return new Tunnel(exchange);
    } else if (path.startsWith("/pour")) {
      exchange.respond(ResponseHead.of(200), false);
      Pour pour = new Pour(exchange);
      pour.more();
      return pour;
    }
    if (path.startsWith("/status/")) {
      exchange.respond(response(head, Integer.parseInt(path.substring(8))), true);
      return new Sink(exchange);
    }
    ResponseHead response = response(head, 200);
    if (head.isHead()) {
      response.headers.add(HeaderNames.CONTENT_LENGTH, AsciiString.of("1234"));
      exchange.respond(response, true);
      return new Sink(exchange);
    }
    response.headers.add(
        HeaderNames.CONTENT_LENGTH, AsciiString.of(Integer.toString(name.length())));
    exchange.respond(response, false);
    exchange.data(Unpooled.copiedBuffer(name, StandardCharsets.US_ASCII), true);
    return new Sink(exchange);
  }

  private boolean fails(String path) {
    int limit = Integer.parseInt(path.split("[/-]")[3]);
    return failures.computeIfAbsent(path, _ -> new AtomicInteger()).getAndIncrement() < limit;
  }

  private static ResponseHead grpc() {
    ResponseHead response = ResponseHead.of(200);
    response.headers.add(HeaderNames.CONTENT_TYPE, AsciiString.of("application/grpc"));
    return response;
  }

  /** As an inbound proxy does, a carried request is answered with the application's version. */
  private static ResponseHead response(RequestHead head, int status) {
    ResponseHead response = ResponseHead.of(status);
    if (head.version == HttpVersion.HTTP_2 && head.headers.contains(HeaderNames.L5D_ORIG_PROTO)) {
      response.headers.add(HeaderNames.L5D_ORIG_PROTO, AsciiString.of("HTTP/1.1"));
    }
    return response;
  }

  private static class Sink implements RequestListener {
    final ServerExchange exchange;

    Sink(ServerExchange exchange) {
      this.exchange = exchange;
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
      int bytes = data.readableBytes();
      data.release();
      exchange.consumed(bytes);
    }

    @Override
    public void onTrailers(HeaderBlock trailers) {}

    @Override
    public void onReset(Reset reason) {}

    @Override
    public void onWritten(int bytes) {}
  }

  private static final class Echo extends Sink {
    private final boolean grpc;
    private boolean begun;

    Echo(RequestHead head, ServerExchange exchange, boolean end, boolean grpc) {
      super(exchange);
      this.grpc = grpc;
      if (head.headers.contains(AsciiString.of("expect"))) {
        exchange.informational(ResponseHead.of(100));
      }
      if (end) {
        respond(head);
        finish();
      } else {
        respond(head);
      }
    }

    private void respond(RequestHead head) {
      if (begun) {
        return;
      }
      begun = true;
      ResponseHead response = TestApp.response(head, 200);
      if (grpc) {
        response.headers.add(HeaderNames.CONTENT_TYPE, AsciiString.of("application/grpc"));
      }
      exchange.respond(response, false);
    }

    private void finish() {
      if (grpc) {
        HeaderBlock trailers = new HeaderBlock();
        trailers.add(AsciiString.of("grpc-status"), AsciiString.of("0"));
        trailers.add(AsciiString.of("x-echo"), AsciiString.of("done"));
        exchange.trailers(trailers);
      } else {
        exchange.data(Unpooled.EMPTY_BUFFER, true);
      }
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
      exchange.data(data, false);
      if (end) {
        finish();
      }
    }

    @Override
    public void onTrailers(HeaderBlock trailers) {
      finish();
    }

    @Override
    public void onWritten(int bytes) {
      exchange.consumed(bytes);
    }
  }

  private static final class Tunnel extends Sink {
    Tunnel(ServerExchange exchange) {
      super(exchange);
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
      exchange.data(data, end);
    }

    @Override
    public void onWritten(int bytes) {
      exchange.consumed(bytes);
    }
  }

  private final class Pour extends Sink {
    private int underWay;
    private boolean over;

    Pour(ServerExchange exchange) {
      super(exchange);
    }

    void more() {
      while (underWay < 4 * CHUNK && !over) {
        underWay += CHUNK;
        poured.addAndGet(CHUNK);
        exchange.data(Unpooled.wrappedBuffer(new byte[CHUNK]), false);
      }
    }

    @Override
    public void onReset(Reset reason) {
      over = true;
    }

    @Override
    public void onWritten(int bytes) {
      underWay -= bytes;
      more();
    }
  }
}
