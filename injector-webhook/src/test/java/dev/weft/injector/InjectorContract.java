package dev.weft.injector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The whole application over TLS, without a cluster. Held by the application in the JVM of the
 * test, and by the packaged program.
 */
abstract class InjectorContract {
  private static final JsonMapper JSON = new JsonMapper();
  private WebhookClient client;

  /** The port of the webhook, which has {@link ManifestsProfile}'s settings. */
  abstract int port();

  /** Its admin endpoints. */
  abstract URI admin();

  @BeforeEach
  void connect() {
    client = new WebhookClient(port(), ManifestsProfile.AUTHORITY.certificate());
  }

  @AfterEach
  void disconnect() {
    client.close();
  }

  /** An API server, as the webhook sees one. */
  WebhookClient client() {
    return client;
  }

  @Test
  void pod_ofAReplicaSet_isInjectedAndNamesItsDeployment() throws Exception {
    JsonNode response = response(client.review("shop", "Pod", pod("")));

    assertThat(response.path("allowed").asBoolean()).isTrue();
    String patch =
        new String(
            Base64.getDecoder().decode(response.path("patch").asText()), StandardCharsets.UTF_8);
    assertThat(patch)
        .contains("linkerd.io~1proxy-deployment\",\"value\":\"web\"")
        .contains("/spec/initContainers/1");
  }

  @Test
  void pod_ofAnUnknownNamespace_isDenied() throws Exception {
    JsonNode response = response(client.review("nowhere", "Pod", pod("")));

    assertThat(response.path("allowed").asBoolean(true)).isFalse();
    assertThat(response.at("/status/message").asText()).contains("nowhere");
  }

  @Test
  void pod_withWhatIsIgnored_getsAWarning() throws Exception {
    JsonNode response =
        response(client.review("shop", "Pod", pod("\"config.linkerd.io/proxy-await\":\"yes\"")));

    assertThat(response.path("allowed").asBoolean()).isTrue();
    assertThat(response.at("/warnings/0").asText())
        .isEqualTo(
            "annotation config.linkerd.io/proxy-await=yes ignored; fix: write enabled or disabled");
  }

  @Test
  void values_thatChange_countFromTheNextReviewAndBadOnesChangeNothing() throws Exception {
    InjectorFiles files = ManifestsProfile.FILES;
    try {
      files.write(files.values(), InjectorFiles.VALUES + "  logLevel: trace\n");
      assertThat(patched()).contains("\"trace,");

      files.write(files.values(), "proxy: [1, 2]");
      assertThat(patched()).as("the last good values stay").contains("\"trace,");
    } finally {
      files.write(files.values(), InjectorFiles.VALUES);
    }
    assertThat(patched()).doesNotContain("\"trace,");
  }

  @Test
  void metrics_countAdmissionsByTheContractsNames() throws Exception {
    client.review("shop", "Pod", pod("\"linkerd.io/inject\":\"disabled\""));

    assertThat(get("metrics"))
        .containsPattern(
            "proxy_inject_admission_requests_total\\{.*annotation_at=\"workload\".*owner_kind=\"deployment\".*\\}")
        .containsPattern(
            "proxy_inject_admission_responses_total\\{.*skip=\"true\".*skip_reason=\"injection_disable_annotation_present\".*\\}");
    assertThat(get("ready")).isEqualTo("ok\n");
  }

  private String patched() throws IOException, InterruptedException {
    JsonNode response = response(client.review("shop", "Pod", pod("")));
    return new String(
        Base64.getDecoder().decode(response.path("patch").asText()), StandardCharsets.UTF_8);
  }

  private static JsonNode response(String answer) throws IOException {
    ObjectNode review = (ObjectNode) JSON.readTree(answer);
    return review.path("response");
  }

  static String pod(String annotation) {
    return """
        {"apiVersion":"v1","kind":"Pod",
         "metadata":{"generateName":"web-5f7-","annotations":{%s},
           "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web-5f7","uid":"2","controller":true}]},
         "spec":{"containers":[{"name":"web","image":"web:1","ports":[{"containerPort":8080}]}]}}
        """
        .formatted(annotation);
  }

  final String get(String path) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(admin().resolve(path)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
