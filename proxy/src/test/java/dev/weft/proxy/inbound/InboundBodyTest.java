package dev.weft.proxy.inbound;

import static dev.weft.proxy.inbound.InboundFixture.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.proxy.transport.TransportHeader.Session;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Large bodies past slow readers: what the proxy holds of them stays small. */
class InboundBodyTest {
  private static final long BODY_BYTES = 256L << 20;
  private static final int CHUNK_BYTES = 256 << 10;

  /** All buffers of the test's own proxy and of the one under test, with their arenas. */
  private static final long MAX_HELD_BYTES = 16L << 20;

  @Test
  void response_pastASlowReader_staysInBoundedMemory() throws Exception {
    flow(Session.HTTP_1);
  }

  @Test
  void opaqueBytes_pastASlowReader_stayInBoundedMemory() throws Exception {
    flow(Session.OPAQUE);
  }

  private static void flow(Session session) throws Exception {
    try (TestApp app = new TestApp(InboundBodyTest::answer);
        InboundFixture fixture = new InboundFixture(Policies.only(Policies.detect(), WEB))) {
      Socket client = fixture.direct(WEB, app.port(), session);
      long before = direct();
      HttpText.send(client, "GET / HTTP/1.1", "host: api");
      assertThat(HttpText.head(client.getInputStream())).startsWith("HTTP/1.1 200 ");

      // Nobody reads: the sender must come to a halt.
      long[] last = {-1};
      await()
          .pollInterval(Duration.ofMillis(200))
          .until(
              () -> {
                long now = direct();
                boolean halted = now == last[0];
                last[0] = now;
                return halted;
              });
      long most = direct() - before;

      InputStream in = client.getInputStream();
      byte[] chunk = new byte[CHUNK_BYTES];
      long received = 0;
      while (received < BODY_BYTES) {
        int n = in.read(chunk);
        assertThat(n).isPositive();
        received += n;
        most = Math.max(most, direct() - before);
      }
      assertThat(most).isLessThan(MAX_HELD_BYTES);
    }
  }

  private static void answer(Socket client) throws IOException {
    HttpText.head(client.getInputStream());
    client
        .getOutputStream()
        .write(
            ("HTTP/1.1 200 OK\r\ncontent-length: " + BODY_BYTES + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
    byte[] chunk = new byte[CHUNK_BYTES];
    for (long sent = 0; sent < BODY_BYTES; sent += chunk.length) {
      client.getOutputStream().write(chunk);
    }
  }

  private static long direct() {
    return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
  }
}
