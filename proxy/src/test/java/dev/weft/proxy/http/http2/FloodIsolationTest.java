package dev.weft.proxy.http.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.http.ConnectionListener;
import dev.weft.proxy.http.ExchangeHandler;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.Refusal;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.RequestListener;
import dev.weft.proxy.http.ServerConnection;
import dev.weft.proxy.http.ServerExchange;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** While one connection attacks, another on the same loop works, and memory stays bounded. */
@Timeout(60)
class FloodIsolationTest implements ExchangeHandler {
  private static final long MEMORY_BOUND_BYTES = 16 << 20;
  private static final int ROUNDS = 100_000;

  private final Loopback loopback = new Loopback();
  private final Queue<Refusal> refusals = new ConcurrentLinkedQueue<>();
  private final InetSocketAddress address = loopback.listen(Http2Settings.DEFAULT, () -> this);
  private final Http2ClientConnection honest =
      loopback.connect(address, Http2Settings.DEFAULT, ConnectionListener.NONE);

  @AfterEach
  void stop() {
    loopback.close();
  }

  @Override
  public RequestListener onRequest(RequestHead head, ServerExchange exchange, boolean end) {
    if (head.path.length() == 1) {
      exchange.respond(TestServer.head(200), true);
    }
    return new Recorder();
  }

  @Override
  public void onRefused(ServerConnection connection, Refusal refusal) {
    refusals.add(refusal);
  }

  private void assertHonestRequestWorks() throws Exception {
    CompletableFuture<Recorder> done = new CompletableFuture<>();
    honest
        .channel()
        .eventLoop()
        .execute(
            () -> {
              Recorder heard = new Recorder();
              heard.whenDone = () -> done.complete(heard);
              honest.open(RequestHead.of(HttpVersion.HTTP_2, "GET", "/"), true, heard);
            });
    assertThat(done.get(10, TimeUnit.SECONDS).events).containsExactly("response 200 end");
  }

  private void attack(IntFunction<byte[]> attack, boolean reads) throws Exception {
    long before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(Wire.concat(Wire.PREFACE, Wire.settings()));
      for (int i = 0; i < ROUNDS; i++) {
        out.write(attack.apply(i));
        if (i % 5000 == 0) {
          assertHonestRequestWorks();
          assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - before)
              .isLessThan(MEMORY_BOUND_BYTES);
        }
        if (reads && socket.getInputStream().available() > 0) {
          socket.getInputStream().skipNBytes(socket.getInputStream().available());
        }
      }
    } catch (IOException expected) {
      // The server hung up, which is the point.
    }
    assertHonestRequestWorks();
    assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - before)
        .isLessThan(MEMORY_BOUND_BYTES);
  }

  @Test
  void rapidReset_disturbsNobody() throws Exception {
    Wire wire = new Wire();
    attack(
        i ->
            Wire.concat(
                wire.headers(2 * i + 1, true, ":method=GET", ":scheme=http", ":path=/slow"),
                Wire.rst(2 * i + 1, 8)),
        true);
    assertThat(refusals).anyMatch(Refusal::closes);
  }

  @Test
  void pingFlood_fromAPeerThatNeverReads_disturbsNobody() throws Exception {
    byte[] pings = Wire.concat(Wire.ping(1, false), Wire.ping(2, false), Wire.ping(3, false));
    attack(i -> pings, false);
    assertThat(refusals).anyMatch(Refusal::closes);
  }

  @Test
  void continuationFlood_disturbsNobody() throws Exception {
    byte[] more = Wire.frame(Frames.CONTINUATION, 0, 1, new byte[1000]);
    byte[] start = Wire.frame(Frames.HEADERS, 0, 1, Wire.rawBlock(Wire.GET));
    attack(i -> i == 0 ? start : more, true);
    assertThat(refusals).anyMatch(Refusal::closes);
  }
}
