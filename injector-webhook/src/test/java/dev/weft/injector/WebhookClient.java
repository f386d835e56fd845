package dev.weft.injector;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Sends reviews as an API server does. */
final class WebhookClient implements AutoCloseable {
  private final HttpClient client;
  private final URI url;

  WebhookClient(int port, X509Certificate authority) {
    this.url = URI.create("https://localhost:" + port + "/");
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry("authority", authority);
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(null, factory.getTrustManagers(), null);
      this.client = HttpClient.newBuilder().sslContext(context).build();
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  String review(String namespace, String kind, String object)
      throws IOException, InterruptedException {
    String review =
        """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview",
         "request":{"uid":"u","kind":{"group":"","version":"v1","kind":"%s"},"namespace":"%s",
                    "operation":"CREATE","object":%s}}
        """
            .formatted(kind, namespace, object);
    return send(review);
  }

  /** A request in which there is nothing to do. */
  void empty() throws IOException, InterruptedException {
    send("");
  }

  private String send(String review) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(Duration.ofSeconds(20))
            .POST(HttpRequest.BodyPublishers.ofString(review))
            .build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("answered " + answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }

  @Override
  public void close() {
    client.close();
  }
}
