package dev.weft.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.TestCertificates;
import dev.weft.cli.install.ControlPlaneManifest;
import dev.weft.cli.kube.FakeCluster;
import dev.weft.injection.Yaml;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/** A cluster on which everything that {@code weft install} prints is installed and runs. */
final class HealthyMesh {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  /** The metrics of a service that sees everything. */
  private static final String SEEING =
      """
      weft_resources_denied{kind="service"} 0.0
      weft_resources_lost{kind="service"} 0.0
      weft_identity_attestor_answering 1.0
      """;

  /** Rendering takes a while, and the result is the same for all tests. */
  private static final List<ObjectNode> INSTALLED =
      ControlPlaneManifest.withDefaults("linkerd", NOW);

  private HealthyMesh() {}

  static FakeCluster cluster() {
    FakeCluster cluster = new FakeCluster();
    for (ObjectNode object : INSTALLED) {
      cluster.with(object.toString());
      if (object.path("kind").asText().equals("Deployment")) {
        cluster.with(pod(object).toString());
        cluster.metrics(object.at("/metadata/name").asText() + "-1", SEEING);
      }
    }
    webhook(cluster, "MutatingWebhookConfiguration", "linkerd-proxy-injector");
    webhook(cluster, "ValidatingWebhookConfiguration", "linkerd-policy-validator");
    webhook(cluster, "ValidatingWebhookConfiguration", "linkerd-sp-validator");
    return cluster.with(
        """
        apiVersion: v1
        kind: Node
        metadata: {name: node-1}
        spec: {podCIDR: 10.244.0.0/24, podCIDRs: [10.244.0.0/24]}
        status:
          nodeInfo: {containerRuntimeVersion: containerd://2.0.0}
          conditions: [{type: Ready, status: "True", lastHeartbeatTime: "2026-03-01T11:58:00Z"}]
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: app}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: app}
        spec:
          clusterIP: 10.96.0.17
          selector: {app: web}
          ports: [{port: 80, targetPort: 8080}]
        """,
        workloadPod(INSTALLED));
  }

  private static String workloadPod(List<ObjectNode> installed) {
    String bundle =
        installed.stream()
            .filter(o -> o.at("/metadata/name").asText().equals("linkerd-identity-trust-roots"))
            .findFirst()
            .orElseThrow()
            .at("/data/ca-bundle.crt")
            .asText();
    ObjectNode pod =
        Yaml.object(
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web-1
              namespace: app
              labels: {app: web, linkerd.io/control-plane-ns: linkerd}
            spec:
              initContainers:
                - name: linkerd-proxy
                  image: weft.dev/proxy:0.1.0
                  ports: [{name: linkerd-admin, containerPort: 4191}]
                  env:
                    - {name: LINKERD2_PROXY_IDENTITY_TRUST_ANCHORS, value: ""}
              containers: [{name: web, ports: [{name: http, containerPort: 8080}]}]
            status:
              phase: Running
              podIP: 10.244.0.9
              initContainerStatuses: [{name: linkerd-proxy, ready: true}]
              containerStatuses: [{name: web, ready: true}]
            """);
    ((ObjectNode) pod.at("/spec/initContainers/0/env/0")).put("value", bundle + "\n");
    return pod.toString();
  }

  private static ObjectNode pod(ObjectNode deployment) {
    ObjectNode pod = deployment.at("/spec/template").deepCopy();
    pod.put("apiVersion", "v1").put("kind", "Pod");
    ((ObjectNode) pod.path("metadata"))
        .put("name", deployment.at("/metadata/name").asText() + "-1")
        .put("namespace", "linkerd");
    ObjectNode status = pod.putObject("status").put("phase", "Running").put("podIP", "10.244.0.3");
    ready(pod.at("/spec/initContainers"), status.putArray("initContainerStatuses"));
    ready(pod.at("/spec/containers"), status.putArray("containerStatuses"));
    for (JsonNode container : pod.at("/spec/containers")) {
      pinVersion(container);
    }
    for (JsonNode container : pod.at("/spec/initContainers")) {
      pinVersion(container);
    }
    return pod;
  }

  private static void pinVersion(JsonNode container) {
    if (container.path("name").asText().equals("linkerd-proxy")) {
      ((ObjectNode) container).put("image", "weft.dev/proxy:0.1.0");
    }
  }

  private static void ready(JsonNode containers, ArrayNode statuses) {
    containers.forEach(
        container ->
            statuses.addObject().put("name", container.path("name").asText()).put("ready", true));
  }

  private static void webhook(FakeCluster cluster, String kind, String service) {
    String pem =
        TestCertificates.selfSigned(
            service + ".linkerd.svc",
            NOW.minus(Duration.ofDays(1)),
            NOW.plus(Duration.ofDays(365)));
    ObjectNode configuration = cluster.object(kind, service + "-webhook-config");
    ((ObjectNode) configuration.at("/webhooks/0/clientConfig")).put("caBundle", base64(pem));
    cluster.objects().removeIf(o -> o.at("/metadata/name").asText().equals(service + "-k8s-tls"));
    ObjectNode secret =
        Yaml.object(
            "{apiVersion: v1, kind: Secret, metadata: {name: %s-k8s-tls, namespace: linkerd}}"
                .formatted(service));
    secret.putObject("data").put("tls.crt", base64(pem));
    cluster.with(secret.toString());
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
