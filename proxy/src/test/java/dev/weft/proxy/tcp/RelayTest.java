package dev.weft.proxy.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RelayTest {
  private final CompletableFuture<Relay.Ended> ended = new CompletableFuture<>();
  private SocketPair left;
  private SocketPair right;

  @BeforeEach
  void open() throws Exception {
    left = SocketPair.open();
    right = SocketPair.open();
  }

  @AfterEach
  void close() throws Exception {
    left.close();
    right.close();
  }

  private Relay splice() throws Exception {
    return onLoop(
        () -> {
          Relay relay = new Relay(left.accepted(), right.accepted(), ended::complete);
          relay.start();
          return relay;
        });
  }

  private <T> T onLoop(java.util.concurrent.Callable<T> task) throws Exception {
    return left.accepted().eventLoop().submit(task).get(5, TimeUnit.SECONDS);
  }

  @Test
  void relay_bytesBothWays_arriveUnchanged() throws Exception {
    splice();
    send(left.socket(), "ping");
    assertThat(receive(right.socket(), 4)).isEqualTo("ping");
    send(right.socket(), "pong!");
    assertThat(receive(left.socket(), 5)).isEqualTo("pong!");
  }

  @Test
  void relay_bytesReadBefore_areHandedOverFirst() throws Exception {
    onLoop(
        () -> {
          Channel client = left.accepted();
          Relay relay = new Relay(client, right.accepted(), ended::complete);
          client
              .pipeline()
              .fireChannelRead(Unpooled.copiedBuffer("early ", StandardCharsets.UTF_8));
          client.pipeline().fireChannelReadComplete();
          relay.start();
          return relay;
        });
    send(left.socket(), "late");
    assertThat(receive(right.socket(), 10)).isEqualTo("early late");
  }

  @Test
  void relay_halfClose_isPassedOnAndTheOtherDirectionGoesOn() throws Exception {
    splice();
    send(left.socket(), "request");
    left.socket().shutdownOutput();
    assertThat(new String(right.socket().getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("request");
    send(right.socket(), "answer");
    right.socket().shutdownOutput();
    assertThat(new String(left.socket().getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("answer");

    Relay.Ended end = ended.get(5, TimeUnit.SECONDS);
    assertThat(end).isEqualTo(new Relay.Ended(7, 6, null));
  }

  @Test
  void relay_reset_isPassedOnAsReset() throws Exception {
    splice();
    send(left.socket(), "x");
    assertThat(receive(right.socket(), 1)).isEqualTo("x");
    left.socket().setSoLinger(true, 0);
    left.socket().close();
    assertThatThrownBy(() -> right.socket().getInputStream().read())
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
    assertThat(ended.get(5, TimeUnit.SECONDS).cause()).isNotNull();
  }

  @Test
  void relay_terminated_endsBothSides() throws Exception {
    Relay relay = splice();
    IOException reason = new IOException("no longer allowed");
    onLoop(
        () -> {
          relay.terminate(reason);
          return null;
        });
    assertThat(ended.get(5, TimeUnit.SECONDS).cause()).isSameAs(reason);
    assertThatThrownBy(() -> left.socket().getInputStream().read())
        .isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> right.socket().getInputStream().read())
        .isInstanceOf(SocketException.class);
  }

  @Test
  void relay_slowReader_holdsTheSenderBack() throws Exception {
    splice();
    long total = 64L << 20;
    CompletableFuture<Void> sender =
        CompletableFuture.runAsync(
            () -> {
              try {
                byte[] chunk = new byte[64 * 1024];
                for (long sent = 0; sent < total; sent += chunk.length) {
                  left.socket().getOutputStream().write(chunk);
                }
                left.socket().shutdownOutput();
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    // The reader is slow to begin, so the sender runs into the bound.
    await().until(() -> onLoop(this::queued) >= Sockets.WRITE_QUEUE.high());
    long most = onLoop(this::queued);
    InputStream in = right.socket().getInputStream();
    byte[] chunk = new byte[256 * 1024];
    long received = 0;
    for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
      received += n;
      most = Math.max(most, onLoop(this::queued));
    }
    sender.get(10, TimeUnit.SECONDS);
    assertThat(received).isEqualTo(total);
    // The queue may pass its mark by one turn of reading, and one more that a FIN forces (see
    // epoll's
    // RDHUP). In a turn, Netty reads at most 16 times 64 KiB.
    long turn = left.accepted().config().getMaxMessagesPerRead() * 64L * 1024;
    assertThat(turn).isLessThanOrEqualTo(1 << 20);
    assertThat(most).isLessThan(Sockets.WRITE_QUEUE.high() + 2 * turn);
  }

  @Test
  void relay_sideClosedBeforeStart_endsTheOther() throws Exception {
    right.accepted().close().sync();
    splice();
    assertThat(ended.get(5, TimeUnit.SECONDS).cause()).isNotNull();
    assertThatThrownBy(() -> left.socket().getInputStream().read())
        .isInstanceOf(SocketException.class);
  }

  @Test
  void relay_endSeenBeforeStart_isPassedOn() throws Exception {
    left.socket().shutdownOutput();
    onLoop(
        () -> {
          if (HalfClose.mayRead(left.accepted())) {
            left.accepted().read();
          }
          return null;
        });
    await().until(() -> onLoop(() -> HalfClose.inputEnded(left.accepted())));
    splice();
    assertThat(right.socket().getInputStream().read()).isEqualTo(-1);
  }

  private long queued() {
    ChannelOutboundBuffer queue = right.accepted().unsafe().outboundBuffer();
    return queue == null ? 0 : queue.totalPendingWriteBytes();
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String receive(Socket socket, int bytes) throws IOException {
    return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.UTF_8);
  }
}
