package dev.weft.proxy.http.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.proxy.http.ConnectionListener;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.RequestListener;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ServerExchange;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** curl (nghttp2) as an independent client, through two connections of ours. */
@Timeout(60)
class CurlInteropTest {
  private static final Loopback LOOPBACK = new Loopback();
  private static InetSocketAddress front;

  @TempDir Path directory;

  @BeforeAll
  static void start() {
    InetSocketAddress echo = LOOPBACK.listen(Http2Settings.DEFAULT, () -> CurlInteropTest::echo);
    Http2ClientConnection upstream =
        LOOPBACK.connect(echo, Http2Settings.DEFAULT, ConnectionListener.NONE);
    front = LOOPBACK.listen(Http2Settings.DEFAULT, () -> new Forwarder(() -> upstream));
  }

  @AfterAll
  static void stop() {
    LOOPBACK.close();
  }

  /** Answers with the request's body, as it comes. */
  private static RequestListener echo(RequestHead head, ServerExchange exchange, boolean end) {
    exchange.respond(TestServer.head(200, "x-path=" + head.path), end);
    return new RequestListener() {
      @Override
      public void onData(ByteBuf data, boolean last) {
        exchange.data(data, last);
      }

      @Override
      public void onTrailers(HeaderBlock trailers) {
        exchange.trailers(trailers);
      }

      @Override
      public void onReset(Reset reason) {}

      @Override
      public void onWritten(int bytes) {
        exchange.consumed(bytes);
      }
    };
  }

  private String curl(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("curl", "-sS", "--max-time", "30"));
    command.addAll(List.of(arguments));
    Process curl = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(curl.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    assertThat(curl.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  private static void requireCurl() {
    try {
      Process curl = new ProcessBuilder("curl", "--version").start();
      String version = new String(curl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assumeTrue(version.contains("HTTP2"), "skipped: this curl has no HTTP/2");
    } catch (IOException e) {
      assumeTrue(false, "skipped: no curl on this machine");
    }
  }

  private static String url(String path) {
    return "http://127.0.0.1:" + front.getPort() + path;
  }

  @Test
  void curl_gets() throws Exception {
    requireCurl();

    // One request per process: curl 7.88 cannot reuse a connection it began with prior knowledge.
    assertThat(curl("--http2-prior-knowledge", "-D", "-", url("/a?b=c")))
        .isEqualTo("HTTP/2 200 \r\nx-path: /a?b=c\r\n\r\n");
  }

  @Test
  void curl_uploadsAndDownloadsMoreThanTheWindows() throws Exception {
    requireCurl();
    byte[] body = new byte[20 << 20];
    new SplittableRandom(1).nextBytes(body);
    Path sent = Files.write(directory.resolve("sent"), body);
    Path received = directory.resolve("received");
    String output =
        curl(
            "--http2-prior-knowledge",
            "-H",
            "expect:",
            "--data-binary",
            "@" + sent,
            "-o",
            received.toString(),
            "-w",
            "%{http_version} %{http_code}",
            url("/echo"));

    assertThat(output).isEqualTo("2 200");
    assertThat(Files.mismatch(sent, received)).isEqualTo(-1);
  }
}
