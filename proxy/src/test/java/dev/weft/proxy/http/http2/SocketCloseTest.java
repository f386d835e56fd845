package dev.weft.proxy.http.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.proxy.http.ClientConnection;
import dev.weft.proxy.http.ClientExchange;
import dev.weft.proxy.http.ConnectionListener;
import dev.weft.proxy.http.ExchangeHandler;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.RequestListener;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ServerConnection;
import dev.weft.proxy.http.ServerExchange;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections end on real sockets, plain and with TLS: nothing is lost, nobody waits long. */
@Timeout(30)
class SocketCloseTest implements ExchangeHandler, ConnectionListener {
  private static final int BODY_BYTES = 1 << 20;

  /** Less than the linger time-out, so that closing was the peer's answer. */
  private static final Duration SOON = Duration.ofMillis(HangUp.LINGER_MILLIS - 300);

  private final Loopback loopback = new Loopback();
  private final List<ServerConnection> accepted = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Reset> closed = new CompletableFuture<>();
  private volatile boolean drainOnRequest;

  @AfterEach
  void stop() {
    loopback.close();
  }

  @Override
  public RequestListener onRequest(RequestHead head, ServerExchange exchange, boolean end) {
    accepted.add(exchange.connection());
    if (drainOnRequest) {
      exchange.connection().drain();
    }
    exchange.respond(TestServer.head(200), false);
    exchange.data(TestServer.zeros(BODY_BYTES), true);
    return new Recorder();
  }

  @Override
  public void onClosed(ClientConnection connection, Reset reason) {
    closed.complete(reason);
  }

  private Http2ClientConnection connect(boolean tls) throws Exception {
    SslContext forServer = null;
    SslContext forClient = null;
    if (tls) {
      X509Bundle bundle =
          new CertificateBuilder()
              .subject("CN=localhost")
              .setIsCertificateAuthority(true)
              .buildSelfSigned();
      forServer =
          SslContextBuilder.forServer(bundle.toKeyManagerFactory())
              .sslProvider(SslProvider.OPENSSL)
              .build();
      forClient =
          SslContextBuilder.forClient()
              .sslProvider(SslProvider.OPENSSL)
              .trustManager(InsecureTrustManagerFactory.INSTANCE)
              .endpointIdentificationAlgorithm(null)
              .build();
    }
    return connect(forServer, forClient);
  }

  private Http2ClientConnection connect(
      @Nullable SslContext forServer, @Nullable SslContext forClient) {
    InetSocketAddress address = loopback.listen(forServer, Http2Settings.DEFAULT, () -> this);
    return loopback.connect(forClient, address, Http2Settings.DEFAULT, this);
  }

  private static Recorder get(Http2ClientConnection client) throws Exception {
    CompletableFuture<Recorder> done = new CompletableFuture<>();
    client
        .channel()
        .eventLoop()
        .execute(
            () -> {
              Recorder heard = new Recorder();
              heard.whenDone = () -> done.complete(heard);
              RequestHead head = RequestHead.of(HttpVersion.HTTP_2, "GET", "/");
              ClientExchange exchange = client.open(head, true, heard);
              heard.source = exchange;
            });
    return done.get(10, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void serverDrain_duringAResponse_losesNothingAndClosesSoon(boolean tls) throws Exception {
    drainOnRequest = true;
    Http2ClientConnection client = connect(tls);
    Recorder heard = get(client);

    assertThat(heard.bodyBytes).isEqualTo(BODY_BYTES);
    await()
        .atMost(SOON)
        .until(() -> !client.channel().isOpen() && !accepted.getFirst().channel().isOpen());
    assertThat(closed.get(1, TimeUnit.SECONDS).origin()).isNotEqualTo(Reset.Origin.VIOLATION);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void clientDrain_afterAResponse_closesBothSidesSoon(boolean tls) throws Exception {
    Http2ClientConnection client = connect(tls);
    assertThat(get(client).bodyBytes).isEqualTo(BODY_BYTES);
    client.channel().eventLoop().execute(client::drain);

    await()
        .atMost(SOON)
        .until(() -> !client.channel().isOpen() && !accepted.getFirst().channel().isOpen());
    assertThat(closed.get(1, TimeUnit.SECONDS).isNoError()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void serverClose_endsTheClientToo(boolean tls) throws Exception {
    Http2ClientConnection client = connect(tls);
    get(client);
    ServerConnection server = accepted.getFirst();
    server.channel().eventLoop().execute(server::close);

    await().atMost(SOON).until(() -> !client.channel().isOpen());
  }
}
