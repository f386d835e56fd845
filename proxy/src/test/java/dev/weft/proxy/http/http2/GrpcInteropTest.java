package dev.weft.proxy.http.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.proxy.http.ConnectionListener;
import dev.weft.proxy.testing.BytesMarshaller;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** grpc-java on both far ends: client → server connection → client connection → server. */
@Timeout(60)
class GrpcInteropTest {
  private static final int MIB = 1 << 20;

  private static final BytesMarshaller BYTES = new BytesMarshaller();

  private static final MethodDescriptor<byte[], byte[]> ECHO = method("Echo", MethodType.UNARY);
  private static final MethodDescriptor<byte[], byte[]> FAIL = method("Fail", MethodType.UNARY);
  private static final MethodDescriptor<byte[], byte[]> HANG = method("Hang", MethodType.UNARY);
  private static final MethodDescriptor<byte[], byte[]> COUNT =
      method("Count", MethodType.SERVER_STREAMING);
  private static final MethodDescriptor<byte[], byte[]> SUM =
      method("Sum", MethodType.CLIENT_STREAMING);
  private static final MethodDescriptor<byte[], byte[]> CHAT =
      method("Chat", MethodType.BIDI_STREAMING);

  private static final Loopback LOOPBACK = new Loopback();
  private static final Semaphore CANCELLED = new Semaphore(0);
  private static final AtomicInteger HANGING = new AtomicInteger();
  private static Server server;
  private static ManagedChannel channel;
  private static InetSocketAddress front;

  private static MethodDescriptor<byte[], byte[]> method(String name, MethodType type) {
    return MethodDescriptor.<byte[], byte[]>newBuilder(BYTES, BYTES)
        .setType(type)
        .setFullMethodName("weft.Test/" + name)
        .build();
  }

  @BeforeAll
  static void start() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .maxInboundMessageSize(64 * MIB)
            .addService(service())
            .build()
            .start();
    Http2ClientConnection upstream =
        LOOPBACK.connect(
            server.getListenSockets().getFirst(), Http2Settings.DEFAULT, ConnectionListener.NONE);
    front = LOOPBACK.listen(Http2Settings.DEFAULT, () -> new Forwarder(() -> upstream));
    channel = channel();
  }

  private static ManagedChannel channel() {
    return NettyChannelBuilder.forAddress(front)
        .usePlaintext()
        .maxInboundMessageSize(64 * MIB)
        .build();
  }

  @AfterAll
  static void stop() throws InterruptedException {
    channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    LOOPBACK.close();
  }

  private static ServerServiceDefinition service() {
    return ServerServiceDefinition.builder("weft.Test")
        .addMethod(
            ECHO,
            ServerCalls.asyncUnaryCall(
                (request, to) -> {
                  to.onNext(request);
                  to.onCompleted();
                }))
        .addMethod(
            FAIL,
            ServerCalls.asyncUnaryCall(
                (request, to) ->
                    to.onError(Status.NOT_FOUND.withDescription("no such thing").asException())))
        .addMethod(
            HANG,
            ServerCalls.asyncUnaryCall(
                (request, to) -> {
                  ((ServerCallStreamObserver<byte[]>) to).setOnCancelHandler(CANCELLED::release);
                  HANGING.incrementAndGet();
                }))
        .addMethod(COUNT, ServerCalls.asyncServerStreamingCall(GrpcInteropTest::count))
        .addMethod(SUM, ServerCalls.asyncClientStreamingCall(GrpcInteropTest::sum))
        .addMethod(CHAT, ServerCalls.asyncBidiStreamingCall(GrpcInteropTest::chat))
        .build();
  }

  /** Sends 1 024 messages of the size asked for, no faster than they are taken. */
  private static void count(byte[] request, StreamObserver<byte[]> to) {
    var call = (ServerCallStreamObserver<byte[]>) to;
    byte[] message = new byte[request.length];
    AtomicInteger sent = new AtomicInteger();
    call.setOnReadyHandler(
        () -> {
          while (call.isReady() && sent.get() < 1024) {
            call.onNext(message);
            if (sent.incrementAndGet() == 1024) {
              call.onCompleted();
            }
          }
        });
  }

  private static StreamObserver<byte[]> sum(StreamObserver<byte[]> to) {
    return new StreamObserver<>() {
      private int bytes;

      @Override
      public void onNext(byte[] message) {
        bytes += message.length;
      }

      @Override
      public void onError(Throwable cause) {}

      @Override
      public void onCompleted() {
        to.onNext(Integer.toString(bytes).getBytes(StandardCharsets.US_ASCII));
        to.onCompleted();
      }
    };
  }

  private static StreamObserver<byte[]> chat(StreamObserver<byte[]> to) {
    return new StreamObserver<>() {
      @Override
      public void onNext(byte[] message) {
        to.onNext(message);
      }

      @Override
      public void onError(Throwable cause) {}

      @Override
      public void onCompleted() {
        to.onCompleted();
      }
    };
  }

  private static byte[] call(MethodDescriptor<byte[], byte[]> method, byte[] request) {
    return ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, request);
  }

  @Test
  void unaryCalls_manyAtOnce_allComeBack() throws InterruptedException {
    int calls = 5000;
    CountDownLatch done = new CountDownLatch(calls);
    AtomicInteger right = new AtomicInteger();
    for (int i = 0; i < calls; i++) {
      byte[] request = new byte[i % 300];
      ClientCalls.asyncUnaryCall(
          channel.newCall(ECHO, CallOptions.DEFAULT),
          request,
          new StreamObserver<>() {
            @Override
            public void onNext(byte[] answer) {
              right.addAndGet(answer.length == request.length ? 1 : 0);
            }

            @Override
            public void onError(Throwable cause) {
              done.countDown();
            }

            @Override
            public void onCompleted() {
              done.countDown();
            }
          });
    }

    assertThat(done.await(50, TimeUnit.SECONDS)).isTrue();
    assertThat(right).hasValue(calls);
  }

  @Test
  void largeMessage_passesBothWays() {
    assertThat(call(ECHO, new byte[16 * MIB])).hasSize(16 * MIB);
  }

  @Test
  void failedCall_keepsStatusAndDescription() {
    assertThatThrownBy(() -> call(FAIL, new byte[0]))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessage("NOT_FOUND: no such thing");
  }

  @Test
  void unknownMethod_keepsTheTrailersOnlyStatus() {
    assertThatThrownBy(() -> call(method("Nothing", MethodType.UNARY), new byte[0]))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
  }

  @Test
  void metadata_largerThanAFrameWouldLike_passes() {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("x-large", Metadata.ASCII_STRING_MARSHALLER), "y".repeat(7_000));
    byte[] answer =
        ClientCalls.blockingUnaryCall(
            ClientInterceptors.intercept(
                channel, MetadataUtils.newAttachHeadersInterceptor(metadata)),
            ECHO,
            CallOptions.DEFAULT,
            new byte[3]);

    assertThat(answer).hasSize(3);
  }

  @Test
  void cancel_byClient_reachesTheServer() throws InterruptedException {
    int before = HANGING.get();
    ClientCall<byte[], byte[]> call = channel.newCall(HANG, CallOptions.DEFAULT);
    var answer = ClientCalls.futureUnaryCall(call, new byte[1]);
    await().until(() -> HANGING.get() > before);
    answer.cancel(true);

    assertThat(CANCELLED.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void deadline_whenExceeded_endsTheCallOnTheServerToo() throws InterruptedException {
    assertThatThrownBy(
            () ->
                ClientCalls.blockingUnaryCall(
                    channel,
                    HANG,
                    CallOptions.DEFAULT.withDeadlineAfter(100, TimeUnit.MILLISECONDS),
                    new byte[0]))
        .hasMessageStartingWith("DEADLINE_EXCEEDED");
    assertThat(CANCELLED.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void serverStream_isCompleteAndOrdered() {
    Iterator<byte[]> messages =
        ClientCalls.blockingServerStreamingCall(channel, COUNT, CallOptions.DEFAULT, new byte[100]);
    int count = 0;
    while (messages.hasNext()) {
      assertThat(messages.next()).hasSize(100);
      count++;
    }

    assertThat(count).isEqualTo(1024);
  }

  @Test
  void clientStream_isComplete() throws Exception {
    CompletableFuture<String> answer = new CompletableFuture<>();
    StreamObserver<byte[]> to =
        ClientCalls.asyncClientStreamingCall(
            channel.newCall(SUM, CallOptions.DEFAULT), completing(answer));
    for (int i = 0; i < 1000; i++) {
      to.onNext(new byte[1000]);
    }
    to.onCompleted();

    assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("1000000");
  }

  private static StreamObserver<byte[]> completing(CompletableFuture<String> answer) {
    return new StreamObserver<>() {
      private final StringBuilder text = new StringBuilder();

      @Override
      public void onNext(byte[] message) {
        text.append(new String(message, StandardCharsets.US_ASCII));
      }

      @Override
      public void onError(Throwable cause) {
        answer.completeExceptionally(cause);
      }

      @Override
      public void onCompleted() {
        answer.complete(text.toString());
      }
    };
  }

  @Test
  void bidiStream_echoesWhileItIsOpen() throws Exception {
    CompletableFuture<String> answer = new CompletableFuture<>();
    StreamObserver<byte[]> to =
        ClientCalls.asyncBidiStreamingCall(
            channel.newCall(CHAT, CallOptions.DEFAULT), completing(answer));
    for (int i = 0; i < 100; i++) {
      to.onNext(new byte[] {(byte) ('0' + i % 10)});
    }
    to.onCompleted();

    assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("0123456789".repeat(10));
  }

  @Test
  void slowReader_holdsTheSenderBackInBoundedMemory() {
    ManagedChannel own = channel();
    Iterator<byte[]> messages =
        ClientCalls.blockingServerStreamingCall(own, COUNT, CallOptions.DEFAULT, new byte[MIB]);
    messages.next();
    long bound = 64L * MIB;
    for (int i = 0; i < 63; i++) {
      messages.next();
      assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory()).isLessThan(bound);
    }
    own.shutdownNow();
  }

  @Test
  void otherStreams_whileOneIsBlocked_goOn() {
    ManagedChannel own = channel();
    Iterator<byte[]> blocked =
        ClientCalls.blockingServerStreamingCall(own, COUNT, CallOptions.DEFAULT, new byte[MIB]);
    blocked.next();
    for (int i = 0; i < 100; i++) {
      assertThat(ClientCalls.blockingUnaryCall(own, ECHO, CallOptions.DEFAULT, new byte[1000]))
          .hasSize(1000);
    }
    own.shutdownNow();
  }
}
