package dev.weft.kit.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.api.destination.DestinationGrpc;
import dev.weft.api.destination.GetDestination;
import dev.weft.api.destination.Update;
import dev.weft.kit.tls.Credentials;
import dev.weft.kit.tls.MeshServerTls;
import dev.weft.kit.tls.TestPki;
import dev.weft.kit.tls.TestPki.Pair;
import dev.weft.kit.tls.TestPki.Spec;
import dev.weft.kit.tls.TlsTunnel;
import dev.weft.pki.TrustAnchors;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real gRPC over mesh TLS, against two other TLS stacks: grpc-java's client and the JDK. */
class MeshTlsTest {
  private static final String SERVER =
      "linkerd-destination.linkerd.serviceaccount.identity.linkerd.cluster.local";
  private static final String CLIENT = "web.shop.serviceaccount.identity.linkerd.cluster.local";

  private final Pair root = TestPki.root("root");
  private final TrustAnchors anchors = new TrustAnchors(List.of(root.certificate()));
  private final MeshServerTls tls = new MeshServerTls(anchors, Clock.systemUTC());
  private final Streams service = new Streams();
  private final List<AutoCloseable> resources = new ArrayList<>();
  private MeshGrpcServer server;

  @BeforeEach
  void serve() throws Exception {
    tls.install(leaf());
    server =
        MeshGrpcServer.start(
            GrpcServerSettings.loopback(0), List.of(service), List.of(), Optional.of(tls));
    resources.add(server);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable resource : resources.reversed()) {
      resource.close();
    }
  }

  @Test
  void client_withoutAlpnAndWithoutCertificate_isServed() throws Exception {
    TlsTunnel tunnel = tunnel(anchors, null, "TLSv1.3");
    assertServed(plaintext(tunnel.port()));
    assertThat(tunnel.failures).isEmpty();
  }

  @Test
  void client_withACertificateOfTheMesh_isServed() throws Exception {
    assertServed(
        plaintext(
            tunnel(anchors, TestPki.leaf(root, Spec.authority("web"), CLIENT), "TLSv1.3").port()));
  }

  @Test
  void client_withAlpn_isServed() throws Exception {
    assertServed(tls(GrpcSslContexts.configure(trusting(), SslProvider.JDK).protocols("TLSv1.3")));
  }

  @Test
  void client_thatInsistsOnTheHybridGroup_isServed() throws Exception {
    Assumptions.assumeTrue(OpenSsl.isAvailable(), "BoringSSL is not available here");
    assertServed(
        tls(
            GrpcSslContexts.configure(trusting(), SslProvider.OPENSSL)
                .protocols("TLSv1.3")
                .option(OpenSslContextOption.GROUPS, new String[] {"X25519MLKEM768"})));
  }

  @Test
  void client_ofAnotherAuthority_isRefused() throws Exception {
    Pair foreign = TestPki.leaf(TestPki.root("root"), Spec.authority("web"), CLIENT);
    TlsTunnel tunnel = tunnel(anchors, foreign, "TLSv1.3");
    assertRefused(plaintext(tunnel.port()));
    assertThat(service.calls).isEmpty();
  }

  @Test
  void client_withAnExpiredCertificate_isRefused() throws Exception {
    Spec old = Spec.authority("web");
    Pair expired =
        TestPki.leaf(root, old.valid(old.from().minus(Duration.ofDays(1)), old.from()), CLIENT);
    assertRefused(plaintext(tunnel(anchors, expired, "TLSv1.3").port()));
    assertThat(service.calls).isEmpty();
  }

  @Test
  void client_ofTls12_isRefused() throws Exception {
    assertRefused(plaintext(tunnel(anchors, null, "TLSv1.2").port()));
  }

  @Test
  void client_inPlaintext_isRefusedAndOthersAreServed() throws Exception {
    assertRefused(plaintext(server.port()));
    assertServed(plaintext(tunnel(anchors, null, "TLSv1.3").port()));
  }

  @Test
  void server_ofAnotherAuthority_isRefusedByItsClient() throws Exception {
    TrustAnchors others = new TrustAnchors(List.of(TestPki.root("root").certificate()));
    TlsTunnel tunnel = tunnel(others, null, "TLSv1.3");
    assertRefused(plaintext(tunnel.port()));
    // Noted by the tunnel's own thread, which may be later than the caller learns of it.
    await().until(() -> !tunnel.failures.isEmpty());
  }

  @Test
  void certificate_swapped_keepsLiveStreamsAndIsShownToNewClients() throws Exception {
    TlsTunnel before = tunnel(anchors, null, "TLSv1.3");
    Iterator<Update> updates =
        DestinationGrpc.newBlockingStub(plaintext(before.port()))
            .withDeadlineAfter(Duration.ofSeconds(20))
            .get(GetDestination.getDefaultInstance());
    StreamObserver<Update> stream = service.calls.poll(10, TimeUnit.SECONDS);
    stream.onNext(Update.getDefaultInstance());
    assertThat(updates.next()).isNotNull();

    Credentials next = leaf();
    tls.install(next);

    stream.onNext(Update.getDefaultInstance());
    assertThat(updates.next()).isNotNull();
    assertThat(before.seen).doesNotContain(next.leaf());
    TlsTunnel after = tunnel(anchors, null, "TLSv1.3");
    assertServed(plaintext(after.port()));
    assertThat(after.seen).containsExactly(next.leaf());
    stream.onCompleted();
    assertThat(updates.hasNext()).isFalse();
  }

  private Credentials leaf() {
    Pair leaf = TestPki.leaf(root, Spec.authority("server"), SERVER);
    return new Credentials(leaf.keys().getPrivate(), List.of(leaf.certificate()));
  }

  private TlsTunnel tunnel(TrustAnchors trusted, @Nullable Pair own, String protocol)
      throws Exception {
    TlsTunnel tunnel = new TlsTunnel(server.port(), trusted, SERVER, own, protocol);
    resources.add(tunnel);
    return tunnel;
  }

  private ManagedChannel plaintext(int port) {
    return opened(NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext());
  }

  private SslContextBuilder trusting() {
    return SslContextBuilder.forClient().trustManager(root.certificate());
  }

  private ManagedChannel tls(SslContextBuilder context) throws Exception {
    return opened(
        NettyChannelBuilder.forAddress("127.0.0.1", server.port())
            .overrideAuthority(SERVER)
            .sslContext(context.build()));
  }

  private ManagedChannel opened(NettyChannelBuilder builder) {
    ManagedChannel channel = builder.build();
    resources.add(channel::shutdownNow);
    return channel;
  }

  private void assertServed(ManagedChannel channel) throws Exception {
    Iterator<Update> updates =
        DestinationGrpc.newBlockingStub(channel)
            .withDeadlineAfter(Duration.ofSeconds(10))
            .get(GetDestination.getDefaultInstance());
    StreamObserver<Update> stream = service.calls.poll(10, TimeUnit.SECONDS);
    assertThat(stream).as("the call arrived").isNotNull();
    stream.onNext(Update.getDefaultInstance());
    stream.onCompleted();
    assertThat(updates.next()).isNotNull();
  }

  private static void assertRefused(ManagedChannel channel) {
    assertThatThrownBy(
            () ->
                DestinationGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(Duration.ofSeconds(10))
                    .get(GetDestination.getDefaultInstance())
                    .next())
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
  }

  /** Hands every call to the test. */
  private static final class Streams extends DestinationGrpc.DestinationImplBase {
    final BlockingQueue<StreamObserver<Update>> calls = new LinkedBlockingQueue<>();

    @Override
    public void get(GetDestination request, StreamObserver<Update> observer) {
      calls.add(observer);
    }
  }
}
