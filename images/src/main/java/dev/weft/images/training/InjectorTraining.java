package dev.weft.images.training;

import dev.weft.cli.standalone.ManagedProcess;
import dev.weft.pki.Authority;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The injector alone: on a directory of manifests, with the chart's values and some pods to review.
 */
final class InjectorTraining {
  /** The injector's name in {@link Recordings}. */
  static final String FOLDER = "injector-webhook";

  private static final int REVIEWS = 300;
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration READY_LIMIT = Duration.ofMinutes(1);

  private static final String CLUSTER =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, annotations: {linkerd.io/inject: enabled}}
      ---
      apiVersion: apps/v1
      kind: ReplicaSet
      metadata:
        name: web-1
        namespace: shop
        ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: "1", controller: true}]
      """;

  private static final String REVIEW =
      """
      {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{
       "uid":"u","kind":{"group":"","version":"v1","kind":"Pod"},"namespace":"shop","operation":"CREATE",
       "object":{"apiVersion":"v1","kind":"Pod","metadata":{"generateName":"web-1-","namespace":"shop",
         "labels":{"app":"web"},"annotations":{"config.linkerd.io/proxy-log-level":"debug"},
         "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web-1","uid":"2","controller":true}]},
        "spec":{"serviceAccountName":"web","volumes":[{"name":"tmp","emptyDir":{}}],"containers":[
         {"name":"web","image":"web:1","ports":[{"containerPort":8080}],
          "readinessProbe":{"httpGet":{"path":"/ready","port":8080}},
          "volumeMounts":[{"name":"tmp","mountPath":"/tmp"}]}]}}}}
      """;

  private final Path directory;

  private InjectorTraining(Path directory) {
    this.directory = directory;
  }

  /**
   * Starts the injector as it was recorded, has pods reviewed, and ends it.
   *
   * @param directory which is made; must not exist
   * @param writingLimit how long the injector may take to write what it remembers
   */
  static void run(Recordings recordings, Path directory, int port, int admin, Duration writingLimit)
      throws Exception {
    InjectorTraining training = new InjectorTraining(directory);
    Authority authority =
        Authority.root("localhost", 0, Instant.now(), Duration.ofHours(1)); // signs nothing
    training.write("manifests/cluster.yaml", CLUSTER);
    training.write("tls/tls.crt", authority.certificatePem());
    training.write("tls/tls.key", authority.keyPem());
    training.write("anchors.pem", authority.certificatePem());
    training.write("values", chartValues());
    ManagedProcess injector =
        ManagedProcess.start(
            "injector",
            recordings.command(FOLDER, training.properties(port, admin)),
            Map.of(),
            directory.resolve("injector.log"));
    try {
      injector.awaitOk(URI.create("http://127.0.0.1:" + admin + "/q/health/ready"), READY_LIMIT);
      review(port, authority);
    } finally {
      injector.stop(writingLimit);
    }
  }

  private List<String> properties(int port, int admin) {
    Map<String, String> properties =
        Map.of(
            "weft.resources.directories", directory.resolve("manifests").toString(),
            "weft.webhook.tls.directory", directory.resolve("tls").toString(),
            "weft.webhook.host", "127.0.0.1",
            "weft.webhook.port", Integer.toString(port),
            "weft.admin.host", "127.0.0.1",
            "weft.admin.port", Integer.toString(admin),
            "weft.injector.values", directory.resolve("values").toString(),
            "weft.injector.trust-anchors", directory.resolve("anchors.pem").toString());
    List<String> words = new ArrayList<>();
    properties.forEach((name, value) -> words.add("-D" + name + "=" + value));
    return words;
  }

  private void write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static String chartValues() throws IOException {
    try (InputStream in = InjectorTraining.class.getResourceAsStream("/charts/weft/values.yaml")) {
      if (in == null) {
        throw new IllegalStateException("the chart is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void review(int port, Authority authority)
      throws IOException, GeneralSecurityException, InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().sslContext(trusting(authority)).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/"))
              .timeout(LIMIT)
              .POST(HttpRequest.BodyPublishers.ofString(REVIEW))
              .build();
      for (int i = 0; i < REVIEWS; i++) {
        String answer = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        if (!answer.contains("\"patch\"")) {
          throw new IllegalStateException("a pod was not injected: " + answer);
        }
      }
    }
  }

  private static SSLContext trusting(Authority authority)
      throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("authority", authority.certificate());
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }
}
