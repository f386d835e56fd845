package dev.weft.proxy.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.weft.api.identity.CertifyRequest;
import dev.weft.proxy.testing.ControlHarness;
import dev.weft.proxy.testing.MeshCa;
import dev.weft.proxy.testing.ScriptedControlPlane;
import dev.weft.proxy.tls.Credentials;
import dev.weft.proxy.tls.MeshTls;
import dev.weft.proxy.tls.PeerId;
import dev.weft.proxy.tls.PeerTls;
import io.grpc.Status;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certification over real gRPC and real mesh TLS. */
class CertifierTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final String ID = "web.shop.serviceaccount.identity.linkerd.cluster.local";

  @TempDir Path directory;
  private final MeshCa ca = new MeshCa();
  private final ScriptedControlPlane service = ScriptedControlPlane.start(ca);
  private Path token;
  private ControlHarness harness;
  private Certifier certifier;

  @BeforeEach
  void begin() throws IOException {
    token = Files.writeString(directory.resolve("token"), "first");
    harness = harness(service);
    certifier = certifier(harness);
  }

  private Certifier certifier(ControlHarness harness) throws IOException {
    return new Certifier(
        harness.config.identity(),
        KeyMaterial.obtain(null, ID),
        harness.identityClient,
        harness.tls,
        harness.executor,
        Clock.systemUTC(),
        harness.metrics);
  }

  private ControlHarness harness(ScriptedControlPlane of) {
    return new ControlHarness(
        ca, of, ScriptedControlPlane.NAME, "LINKERD2_PROXY_IDENTITY_TOKEN_FILE", token.toString());
  }

  @AfterEach
  void end() {
    certifier.close();
    harness.close();
    service.close();
  }

  @Test
  void certifier_goodAnswer_isInstalled() throws Exception {
    certifier.start();
    certifier.certified().get(20, TimeUnit.SECONDS);

    Credentials credentials = harness.tls.credentials().orElseThrow();
    assertThat(credentials.id()).isEqualTo(PeerId.dns(ID));
    assertThat(credentials.chain()).hasSize(2);
    // Counted only after the certificate is announced.
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(harness.metrics.print())
                    .contains("control_identity_cert_refreshes_total{result=\"ok\"} 1")
                    .contains(
                        "control_identity_cert_expiration_timestamp_seconds "
                            + credentials.notAfter().getEpochSecond()));
  }

  @Test
  void certifier_eachAttempt_readsTheTokenAnew() throws Exception {
    service.issue(
        _ -> {
          throw Status.UNAVAILABLE.asRuntimeException();
        });
    certifier.start();
    assertThat(nextRequest().getToken().toStringUtf8()).isEqualTo("first");
    Files.writeString(token, "second");

    await().atMost(TIMEOUT).until(() -> nextRequest().getToken().toStringUtf8().equals("second"));
  }

  @Test
  void certifier_tokenMissing_asksWhenItIsThere() throws Exception {
    Files.delete(token);
    certifier.start();
    await().atMost(TIMEOUT).until(() -> failures() > 0);
    Files.writeString(token, "late");

    certifier.certified().get(20, TimeUnit.SECONDS);
    assertThat(nextRequest().getToken().toStringUtf8()).isEqualTo("late");
  }

  @Test
  void certifier_answerForAnotherIdentity_isRefused() throws Exception {
    service.issue(request -> service.certificate(request, "api.shop.example", hours(24)));
    certifier.start();
    await().atMost(TIMEOUT).until(() -> failures() > 0);

    assertThat(harness.tls.credentials()).isEmpty();
  }

  @Test
  void certifier_answerForAnotherKey_isRefused() throws Exception {
    CertifyRequest other =
        CertifyRequest.newBuilder()
            .setCertificateSigningRequest(ByteString.copyFrom(KeyMaterial.generate(ID).request()))
            .build();
    service.issue(_ -> service.certificate(other, ID, hours(24)));
    certifier.start();
    await().atMost(TIMEOUT).until(() -> failures() > 0);

    assertThat(harness.tls.credentials()).isEmpty();
  }

  @Test
  void certifier_answerOfAForeignAuthority_isRefused() throws Exception {
    try (ScriptedControlPlane foreign = ScriptedControlPlane.start(new MeshCa())) {
      service.issue(request -> foreign.certificate(request, hours(24)));
      certifier.start();
      await().atMost(TIMEOUT).until(() -> failures() > 0);
    }

    assertThat(harness.tls.credentials()).isEmpty();
  }

  @Test
  void certifier_answerThatHasExpired_isRefused() throws Exception {
    service.issue(
        request ->
            service.certificate(request, hours(24)).toBuilder()
                .setValidUntil(Timestamp.newBuilder().setSeconds(1))
                .build());
    certifier.start();
    await().atMost(TIMEOUT).until(() -> failures() > 0);

    assertThat(harness.tls.credentials()).isEmpty();
  }

  @Test
  void certifier_failureAfterSuccess_keepsTheCertificate() throws Exception {
    service.issue(request -> service.certificate(request, Duration.ofSeconds(2)));
    certifier.start();
    certifier.certified().get(20, TimeUnit.SECONDS);
    service.issue(
        _ -> {
          throw Status.INTERNAL.asRuntimeException();
        });
    await().atMost(TIMEOUT).until(() -> failures() > 0);

    assertThat(harness.tls.credentials()).isPresent();
  }

  @Test
  void certifier_serviceHasAnotherIdentity_isNotTrustedWithTheToken() throws Exception {
    try (ScriptedControlPlane impostor = ScriptedControlPlane.start(ca, "api.shop.example");
        ControlHarness victim = harness(impostor);
        Certifier deceived = certifier(victim)) {
      deceived.start();
      await().atMost(TIMEOUT).until(() -> failures(victim) > 0);

      assertThat(impostor.certifications).isEmpty();
    }
  }

  @Test
  void certifier_certificateExpired_isRenewed() throws Exception {
    service.issue(request -> service.certificate(request, Duration.ofSeconds(2)));
    certifier.start();
    certifier.certified().get(20, TimeUnit.SECONDS);
    service.issue(
        _ -> {
          throw Status.UNAVAILABLE.asRuntimeException();
        });
    Credentials old = harness.tls.credentials().orElseThrow();
    await().atMost(TIMEOUT).until(() -> old.notAfter().isBefore(Instant.now()));
    service.issue(request -> service.certificate(request, hours(24)));

    await().atMost(TIMEOUT).until(() -> !harness.tls.credentials().orElseThrow().equals(old));
  }

  @Test
  void certifier_renewal_dropsNoConnection() throws Exception {
    service.issue(request -> service.certificate(request, Duration.ofSeconds(3)));
    certifier.start();
    certifier.certified().get(20, TimeUnit.SECONDS);
    Credentials before = harness.tls.credentials().orElseThrow();
    try (Echo echo = new Echo(ca.certified("client.example"))) {
      Channel old = echo.connect();
      assertThat(echo.say(old, "before")).isEqualTo("before");
      await().atMost(TIMEOUT).until(() -> !harness.tls.credentials().orElseThrow().equals(before));

      assertThat(echo.say(old, "after")).isEqualTo("after");
      assertThat(echo.say(echo.connect(), "new")).isEqualTo("new");
    }
  }

  private double failures() {
    return failures(harness);
  }

  private static double failures(ControlHarness of) {
    String prefix = "control_identity_cert_refreshes_total{result=\"error\"} ";
    return of.metrics
        .print()
        .lines()
        .filter(line -> line.startsWith(prefix))
        .mapToDouble(line -> Double.parseDouble(line.substring(prefix.length())))
        .sum();
  }

  private CertifyRequest nextRequest() throws InterruptedException {
    CertifyRequest request = service.certifications.poll(20, TimeUnit.SECONDS);
    assertThat(request).as("request to be certified").isNotNull();
    return request;
  }

  private static Duration hours(long n) {
    return Duration.ofHours(n);
  }

  /** A server that shows the proxy's certificate and sends back what it gets. */
  private final class Echo implements AutoCloseable {
    private final MeshTls client;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final Channel listener;

    Echo(MeshTls client) throws InterruptedException {
      this.client = client;
      this.listener =
          new ServerBootstrap()
              .group(harness.loops.workerGroup())
              .channel(harness.loops.serverChannel())
              .childHandler(
                  initializer(
                      channel -> harness.tls.serverHandler(channel.alloc(), false),
                      (channel, text) -> {
                        var _ =
                            channel.writeAndFlush(
                                Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
                      }))
              .bind(InetAddress.getLoopbackAddress(), 0)
              .sync()
              .channel();
    }

    Channel connect() throws InterruptedException {
      Channel channel =
          new Bootstrap()
              .group(harness.loops.workerGroup())
              .channel(harness.loops.socketChannel())
              .handler(
                  initializer(
                      c -> client.clientHandler(c.alloc(), ID, PeerId.dns(ID), false),
                      (_, text) -> answers.add(text)))
              .connect(listener.localAddress())
              .sync()
              .channel();
      channel.pipeline().get(SslHandler.class).handshakeFuture().sync();
      await().atMost(TIMEOUT).until(() -> PeerTls.of(channel).isPresent());
      return channel;
    }

    String say(Channel channel, String text) throws InterruptedException {
      channel.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)).sync();
      return answers.poll(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws InterruptedException {
      listener.close().sync();
      client.close();
    }
  }

  private interface Tls {
    SslHandler of(Channel channel);
  }

  private interface Text {
    void received(Channel channel, String text);
  }

  private static ChannelInitializer<Channel> initializer(Tls tls, Text text) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        channel
            .pipeline()
            .addLast(
                tls.of(channel),
                new SimpleChannelInboundHandler<ByteBuf>() {
                  @Override
                  protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
                    text.received(ctx.channel(), bytes.toString(StandardCharsets.UTF_8));
                  }
                });
      }
    };
  }
}
