package dev.weft.kit.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.kit.tls.Credentials;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The listener over real TLS. */
class WebhookServerTest {
  private static final String REVIEW = "{\"request\":{\"uid\":\"u\",\"object\":{}}}";

  private final Vertx vertx = Vertx.vertx();
  private final ServingKeyManager keys = new ServingKeyManager();
  private final SelfMade first = made();
  private final SelfMade second = made();
  private WebhookServer server;

  @BeforeEach
  void open() throws IOException {
    keys.install(first.pair());
    server =
        WebhookServer.open(
            vertx, "127.0.0.1", 0, keys, new AdmissionReviews(_ -> AdmissionVerdict.deny("told")));
  }

  @AfterEach
  void close() {
    server.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void review_overTls13_isAnsweredOnAnyPath() throws Exception {
    try (HttpClient client = client(first.authority(), "TLSv1.3")) {
      HttpResponse<String> answer = post(client, "/any/path", REVIEW.getBytes());

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("told");
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
    }
  }

  @Test
  void client_ofOlderTls_isRefused() {
    try (HttpClient client = client(first.authority(), "TLSv1.2")) {
      assertThatThrownBy(() -> post(client, "/", REVIEW.getBytes()))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void body_aboveTheLimit_isRefusedAndSmallerOnesStillServed() throws Exception {
    try (HttpClient client = client(first.authority(), "TLSv1.3")) {
      HttpResponse<String> answer =
          post(client, "/", new byte[AdmissionReviews.MAX_BODY_BYTES + 1]);
      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(post(client, "/", REVIEW.getBytes()).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void certificate_thatChanges_isShownToNewClientsAndKeepsOpenConnections() throws Exception {
    try (HttpClient old = client(first.authority(), "TLSv1.3");
        HttpClient fresh = client(second.authority(), "TLSv1.3")) {
      assertThat(post(old, "/", REVIEW.getBytes()).statusCode()).isEqualTo(200);

      keys.install(second.pair());

      assertThat(post(fresh, "/", REVIEW.getBytes()).statusCode()).isEqualTo(200);
      assertThat(post(old, "/", REVIEW.getBytes()).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void files_thatChange_areReadAndBadOnesChangeNothing(@TempDir Path directory) throws Exception {
    FilePairs files = new FilePairs(directory);
    CertificateLoop loop = new CertificateLoop(files, keys, Duration.ofHours(1), () -> {});
    write(directory, second.pair());

    loop.step();
    assertThat(keys.credentials().orElseThrow().chain()).isEqualTo(second.pair().chain());
    assertThat(loop.error()).isEmpty();

    Files.writeString(directory.resolve("tls.key"), PemPairs.write(first.pair().key()));
    loop.step();
    assertThat(keys.credentials().orElseThrow().chain()).isEqualTo(second.pair().chain());
    assertThat(loop.error()).hasValueSatisfying(e -> assertThat(e).contains("not that of"));

    write(directory, first.pair());
    loop.step();
    assertThat(keys.credentials().orElseThrow().chain()).isEqualTo(first.pair().chain());
    assertThat(loop.error()).isEmpty();
    loop.close();
  }

  private static void write(Path directory, Credentials pair) throws IOException {
    Files.writeString(directory.resolve("tls.crt"), PemPairs.write(pair.chain()));
    Files.writeString(directory.resolve("tls.key"), PemPairs.write(pair.key()));
  }

  private static SelfMade made() {
    return SelfMade.make(
        List.of("hook.linkerd.svc", "127.0.0.1"),
        Instant.now(),
        Duration.ofHours(1),
        new SecureRandom());
  }

  private HttpResponse<String> post(HttpClient client, String path, byte[] body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + path))
            .timeout(Duration.ofSeconds(20))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static HttpClient client(X509Certificate authority, String protocol) {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry("authority", authority);
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      SSLParameters parameters = new SSLParameters();
      parameters.setProtocols(new String[] {protocol});
      return HttpClient.newBuilder().sslContext(context).sslParameters(parameters).build();
    } catch (java.security.GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }
}
