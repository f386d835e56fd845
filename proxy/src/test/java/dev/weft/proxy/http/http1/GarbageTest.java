package dev.weft.proxy.http.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever comes, nothing is thrown, nothing leaks, and nothing grows beyond its bound. */
class GarbageTest {
  private static final int ROUNDS = 1_000;
  private static final int MAX_PIECES = 40;
  private static final Http1Settings SMALL = new Http1Settings(128, 512, 8, 2048);

  private static final String[] WORDS = {
    "GET ",
    "POST ",
    "CONNECT ",
    "OPTIONS ",
    "/",
    "*",
    "http://web/",
    "web:80",
    " HTTP/1.1",
    "\r\n",
    " HTTP/1.0",
    "\r\n\r\n",
    "Host: web\r\n",
    "Content-Length: ",
    "Transfer-Encoding: chunked\r\n",
    "Connection: close\r\n",
    "Connection: upgrade\r\n",
    "Upgrade: x\r\n",
    "Expect: 100-continue\r\n",
    "0",
    "5",
    "ff",
    "\r",
    "\n",
    "\0",
    ":",
    ";",
    " ",
    "\t",
    "hello",
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.1 101 \r\n",
    "HTTP/1.1 100 \r\n",
    "0\r\n\r\n",
    "5\r\nhello\r\n",
    "\u00e9",
    "a".repeat(90),
  };

  private static final String[] START = {
    "POST / HTTP/1.1\r\nHost: web\r\n",
    "POST / HTTP/1.1\r\nHost: web\r\nTransfer-Encoding: chunked\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 50\r\n\r\n",
    "CONNECT web:80 HTTP/1.1\r\nHost: web\r\n\r\n",
  };

  private final Random random = new Random(7);

  private String piece() {
    if (random.nextInt(8) == 0) {
      byte[] noise = new byte[random.nextInt(20)];
      random.nextBytes(noise);
      return new String(noise, StandardCharsets.ISO_8859_1);
    }
    return WORDS[random.nextInt(WORDS.length)];
  }

  /** Past the pipeline, which would hide what is thrown. */
  private static void feed(EmbeddedChannel channel, ChannelInboundHandler handler, String text)
      throws Exception {
    ChannelHandlerContext ctx = channel.pipeline().context(handler);
    if (ctx == null) {
      return;
    }
    ByteBuf bytes = channel.alloc().buffer();
    bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    handler.channelRead(ctx, bytes);
    handler.channelReadComplete(ctx);
    channel.runPendingTasks();
    channel.checkException();
  }

  @Test
  void server_fedWithGarbage_staysInBounds() throws Exception {
    int served = 0;
    for (int round = 0; round < ROUNDS; round++) {
      try (ServerHarness server = new ServerHarness(SMALL)) {
        server.handler.holdsCredit = random.nextInt(4) == 0;
        boolean answers = random.nextBoolean();
        server.handler.onRequest =
            request -> {
              if (answers && !request.head().upgrade) {
                request.exchange().respond(ResponseHead.of(200), true);
              }
            };
        if (random.nextBoolean()) {
          feed(server.channel, server.connection, START[random.nextInt(START.length)]);
        }
        for (int i = random.nextInt(MAX_PIECES); i > 0; i--) {
          feed(server.channel, server.connection, piece());
        }
        if (random.nextBoolean()) {
          server.endInput();
        }
        for (FakeHandler.Request request : server.handler.requests) {
          assertThat(request.rest().held).isLessThan(SMALL.maxInFlightBytes() + 128);
          assertThat(request.rest().ends).isLessThan(2);
        }
        assertThat(server.handler.refusals.size()).isLessThan(2);
        served += server.handler.requests.size();
      }
    }
    assertThat(served).as("requests among the garbage").isGreaterThan(20);
  }

  @Test
  void client_fedWithGarbage_staysInBounds() throws Exception {
    int answered = 0;
    for (int round = 0; round < ROUNDS; round++) {
      try (ClientHarness client = new ClientHarness(SMALL)) {
        ClientHarness.Sent sent = client.open(random.nextBoolean() ? "GET" : "HEAD");
        feed(client.channel, client.connection, "HTTP/1.1 200 OK\r\n");
        for (int i = random.nextInt(MAX_PIECES); i > 0; i--) {
          feed(client.channel, client.connection, piece());
        }
        client.channel.endInput();
        assertThat(sent.response().ends).isLessThan(2);
        assertThat(sent.response().ended || sent.response().reset != null).isTrue();
        answered += sent.response().ends;
      }
    }
    assertThat(answered).as("responses among the garbage").isGreaterThan(20);
  }
}
