package dev.weft.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.TestCertificates;
import dev.weft.cli.kube.FakeCluster;
import dev.weft.injection.Yaml;
import dev.weft.pki.Authority;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every check on a mesh that is well, and on one where what it looks at is broken. */
final class ChecksTest {
  /** Id → what was found, of those which are not well. */
  private static Map<String, String> problems(CheckMode mode, FakeCluster cluster) {
    return problems(mode, cluster, Optional.empty(), "");
  }

  private static Map<String, String> problems(
      CheckMode mode, FakeCluster cluster, Optional<String> newest, String dataPlane) {
    Map<String, String> problems = new LinkedHashMap<>();
    CheckReport report =
        new CheckReport() {
          @Override
          public void waiting(Check check, String reason) {}

          @Override
          public void found(Category category, Check check, Result result) {
            Verdict verdict = Verdict.of(check, result);
            if (verdict.level() != Verdict.Level.SUCCESS) {
              problems.put(
                  check.id(), verdict.level().word() + ": " + String.join("\n", verdict.text()));
            }
          }

          @Override
          public void end(boolean good) {}
        };
    CheckSettings settings =
        new CheckSettings(mode, "linkerd", "linkerd-cni", dataPlane, "0.1.0", newest, false);
    try (CheckContext context = new CheckContext(settings, () -> cluster, () -> HealthyMesh.NOW)) {
      new CheckRunner(() -> HealthyMesh.NOW, _ -> {}, Duration.ZERO)
          .run(Checklist.of(mode), context, report);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return problems;
  }

  private static FakeCluster bare() {
    return new FakeCluster()
        .with(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: extension-apiserver-authentication, namespace: kube-system}
            data: {requestheader-client-ca-file: PEM}
            """);
  }

  @Test
  void mesh_thatIsWell_hasNoProblems() {
    assertThat(problems(CheckMode.DEFAULT, HealthyMesh.cluster())).isEmpty();
    assertThat(problems(CheckMode.PROXY, HealthyMesh.cluster())).isEmpty();
    assertThat(problems(CheckMode.CRDS, HealthyMesh.cluster())).isEmpty();
  }

  @Test
  void cluster_withoutMesh_canHaveOne() {
    FakeCluster cluster = bare();

    assertThat(problems(CheckMode.PRE, cluster)).isEmpty();
    assertThat(cluster.dryRuns())
        .extracting(object -> object.path("kind").asText())
        .contains(
            "Namespace",
            "ClusterRole",
            "ClusterRoleBinding",
            "CustomResourceDefinition",
            "MutatingWebhookConfiguration")
        .doesNotContain("Deployment", "Secret");
  }

  static Stream<Arguments> broken() {
    return Stream.of(
        broken("k8s-api", "connection refused", FakeCluster::die),
        broken("k8s-version", "v1.30.9", c -> c.version("v1.30.9")),
        broken("k8s-version", "'main'", c -> c.version("main")),
        broken(
            "gateway-api-crd",
            "v1",
            c ->
                c.with(
                    """
                    apiVersion: apiextensions.k8s.io/v1
                    kind: CustomResourceDefinition
                    metadata: {name: httproutes.gateway.networking.k8s.io}
                    spec: {versions: [{name: v1beta1, served: true}]}
                    """)),
        broken(
            "l5d-existence-linkerd-config",
            "namespace linkerd",
            c -> c.without("ConfigMap", "linkerd-config")),
        broken(
            "l5d-existence-linkerd-config",
            "not a YAML object",
            c -> data(c, "ConfigMap", "linkerd-config").put("values", "- a\n- b")),
        broken(
            "l5d-existence-replicasets",
            "quota",
            c ->
                c.with(
                    """
                    apiVersion: apps/v1
                    kind: ReplicaSet
                    metadata: {name: linkerd-identity-1, namespace: linkerd}
                    status: {conditions: [{type: ReplicaFailure, status: "True", message: quota}]}
                    """)),
        broken(
            "l5d-existence-unschedulable-pods",
            "no room",
            c ->
                status(c, "linkerd-identity-1")
                    .putArray("conditions")
                    .addObject()
                    .put("reason", "Unschedulable")
                    .put("message", "no room")),
        broken(
            "l5d-api-control-ready",
            "identity: no pod is ready",
            c -> status(c, "linkerd-identity-1").put("phase", "Pending")),
        broken(
            "l5d-api-control-ready", "policy: no pod", c -> c.without("Pod", "linkerd-policy-1")),
        broken(
            "l5d-cluster-networks-cidr",
            "node-1: 192.0.2.0/24",
            c -> {
              ObjectNode spec = (ObjectNode) c.object("Node", "node-1").path("spec");
              spec.put("podCIDR", "192.0.2.0/24").putArray("podCIDRs").add("192.0.2.0/24");
            }),
        broken(
            "l5d-cluster-networks-pods",
            "app/web-1: 192.0.2.7",
            c -> status(c, "web-1").put("podIP", "192.0.2.7")),
        broken(
            "l5d-cluster-networks-pods",
            "app/web: 2001:db8::1",
            c ->
                ((ObjectNode) c.object("Service", "web").path("spec"))
                    .put("clusterIP", "2001:db8::1")),
        broken("l5d-existence-ns", "linkerd", c -> c.without("Namespace", "linkerd")),
        broken(
            "l5d-existence-cr",
            "linkerd-linkerd-identity",
            c -> c.without("ClusterRole", "linkerd-linkerd-identity")),
        broken(
            "l5d-existence-crb",
            "linkerd-linkerd-proxy-injector",
            c -> c.without("ClusterRoleBinding", "linkerd-linkerd-proxy-injector")),
        broken(
            "l5d-existence-sa",
            "linkerd-destination",
            c -> c.without("ServiceAccount", "linkerd-destination")),
        broken(
            "l5d-existence-crd",
            "servers.policy.linkerd.io is not installed",
            c -> c.without("CustomResourceDefinition", "servers.policy.linkerd.io")),
        broken(
            "l5d-existence-crd",
            "not v1beta3",
            c ->
                ((ObjectNode)
                        c.object("CustomResourceDefinition", "servers.policy.linkerd.io")
                            .path("spec"))
                    .putArray("versions")
                    .addObject()
                    .put("name", "v1beta1")),
        broken(
            "l5d-existence-mwc",
            "linkerd-proxy-injector-webhook-config",
            c ->
                c.without("MutatingWebhookConfiguration", "linkerd-proxy-injector-webhook-config")),
        broken(
            "l5d-proxy-init-run-as-root",
            "node-1",
            c ->
                ((ObjectNode) c.object("Node", "node-1").at("/status/nodeInfo"))
                    .put("containerRuntimeVersion", "docker://20.10")),
        broken(
            "l5d-identity-cert-config-valid",
            "no key crt.pem",
            c -> data(c, "Secret", "linkerd-identity-issuer").remove("crt.pem")),
        broken(
            "l5d-identity-cert-config-valid",
            "the key is not that of the certificate",
            c ->
                data(c, "Secret", "linkerd-identity-issuer")
                    .put("key.pem", HealthyMesh.base64(authority(30).keyPem()))),
        broken(
            "l5d-identity-trustAnchors-are-time-valid",
            "expired",
            c ->
                data(c, "ConfigMap", "linkerd-identity-trust-roots")
                    .put("ca-bundle.crt", authority(-1).certificatePem())),
        broken(
            "l5d-identity-trustAnchors-not-expiring-soon",
            "expires at",
            c -> identity(c, authority(59))),
        broken(
            "l5d-identity-issuer-cert-not-expiring-soon",
            "expires at",
            c -> identity(c, authority(59))),
        broken(
            "l5d-identity-issuer-cert-issued-by-trust-anchor",
            "no path to a trust anchor",
            c ->
                data(c, "ConfigMap", "linkerd-identity-trust-roots")
                    .put("ca-bundle.crt", authority(365).certificatePem())),
        broken(
            "l5d-proxy-injector-webhook-cert-valid",
            "Secret linkerd-proxy-injector-k8s-tls is missing",
            c -> c.without("Secret", "linkerd-proxy-injector-k8s-tls")),
        broken(
            "l5d-proxy-injector-webhook-cert-valid",
            "not for linkerd-proxy-injector.linkerd.svc",
            c -> webhook(c, "elsewhere.svc", 365)),
        broken(
            "l5d-proxy-injector-webhook-cert-valid",
            "expired",
            c -> webhook(c, "linkerd-proxy-injector.linkerd.svc", -1)),
        broken(
            "l5d-proxy-injector-webhook-cert-not-expiring-soon",
            "expires at",
            c -> webhook(c, "linkerd-proxy-injector.linkerd.svc", 59)),
        broken(
            "l5d-identity-data-plane-proxies-certs-match-ca",
            "app/web-1",
            c ->
                ((ObjectNode) c.object("Pod", "web-1").at("/spec/initContainers/0/env/0"))
                    .put("value", "other")),
        broken(
            "weft-control-plane-sight",
            "linkerd-policy-1: it may not list and watch servers",
            c -> c.metrics("linkerd-policy-1", "weft_resources_denied{kind=\"servers\"} 1.0\n")),
        broken(
            "weft-control-plane-sight",
            "linkerd-destination-1: changes of pods do not reach it",
            c -> c.metrics("linkerd-destination-1", "weft_resources_lost{kind=\"pods\"} 1.0\n")),
        broken(
            "weft-control-plane-sight",
            "linkerd-identity-1: its token reviews fail",
            c -> c.metrics("linkerd-identity-1", "weft_identity_attestor_answering 0.0\n")),
        broken(
            "l5d-version-control",
            "linkerdVersion",
            c ->
                data(c, "ConfigMap", "linkerd-config")
                    .put(
                        "values",
                        "policyValidator: {enabled: false}\nprofileValidator: {enabled: false}")),
        broken(
            "l5d-version-control",
            "it is 0.0.9, not 0.1.0",
            c -> data(c, "ConfigMap", "linkerd-config").put("values", values(c, "0.0.9"))),
        broken(
            "l5d-cp-proxy-healthy",
            "linkerd-proxy",
            c -> notReady(c, "linkerd-destination-1", "linkerd-proxy")),
        broken(
            "l5d-cp-proxy-cli-version",
            "linkerd/linkerd-identity-1 (0.0.9)",
            c -> image(c, "linkerd-identity-1", "weft.dev/proxy:0.0.9")),
        broken("l5d-data-plane-ready", "web-1", c -> notReady(c, "web-1", "linkerd-proxy")),
        broken("l5d-data-plane-ready", "no meshed pod", c -> c.without("Pod", "web-1")),
        broken(
            "l5d-data-plane-cli-version",
            "app/web-1 (0.0.9)",
            c -> image(c, "web-1", "weft.dev/proxy:0.0.9")),
        broken(
            "l5d-data-plane-pod-labels",
            "app/web-1: config.linkerd.io/opaque-ports",
            c -> metadata(c, "Pod", "web-1", "labels").put("config.linkerd.io/opaque-ports", "1")),
        broken(
            "l5d-data-plane-services-labels",
            "app/web: linkerd.io/inject",
            c -> metadata(c, "Service", "web", "labels").put("linkerd.io/inject", "enabled")),
        broken(
            "l5d-data-plane-services-annotations",
            "app/web",
            c ->
                metadata(c, "Service", "web", "annotations")
                    .put("mirror.linkerd.io/exported", "true")),
        broken(
            "linkerd-opaque-ports-definition",
            "Service app/web: port 80 is opaque, port 8080 of pod web-1 is not",
            c ->
                metadata(c, "Service", "web", "annotations")
                    .put("config.linkerd.io/opaque-ports", "80")),
        broken(
            "linkerd-opaque-ports-definition",
            "pod app/web-1: port 8080 is opaque, port 80 of Service web is not",
            c ->
                metadata(c, "Pod", "web-1", "annotations")
                    .put("config.linkerd.io/opaque-ports", "8000-8100")),
        broken(
            "l5d-control-plane-replicas",
            "linkerd-identity: 1 available",
            c -> {
              data(c, "ConfigMap", "linkerd-config")
                  .put("values", values(c, "0.1.0") + "\nhighAvailability: true\n");
              ((ObjectNode) c.object("Deployment", "linkerd-identity"))
                  .putObject("status")
                  .put("availableReplicas", 1);
            }),
        broken(
            "l5d-extension-namespaces",
            "viz: viz-1, viz-2",
            c ->
                c.with(
                    "{apiVersion: v1, kind: Namespace, metadata: {name: viz-1, labels: {linkerd.io/extension: viz}}}",
                    "{apiVersion: v1, kind: Namespace, metadata: {name: viz-2, labels: {linkerd.io/extension: viz}}}")),
        broken(
            "cni-plugin-cm-exists",
            "linkerd-cni",
            c ->
                data(c, "ConfigMap", "linkerd-config")
                    .put("values", values(c, "0.1.0") + "\ncniEnabled: true\n")));
  }

  private static Arguments broken(String id, String reason, Consumer<FakeCluster> fault) {
    return Arguments.of(id, reason, fault);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("broken")
  void fault_isFoundByItsCheck(String id, String reason, Consumer<FakeCluster> fault) {
    List<String> found = new ArrayList<>();
    for (CheckMode mode : List.of(CheckMode.DEFAULT, CheckMode.PROXY)) {
      FakeCluster cluster = HealthyMesh.cluster();
      fault.accept(cluster);
      Map<String, String> problems = problems(mode, cluster);
      if (problems.containsKey(id)) {
        found.add(problems.get(id));
      }
    }
    assertThat(found).isNotEmpty().allSatisfy(text -> assertThat(text).contains(reason));
  }

  static Stream<Arguments> brokenBefore() {
    return Stream.of(
        broken(
            "pre-ns",
            "namespace linkerd exists",
            c -> c.with("{apiVersion: v1, kind: Namespace, metadata: {name: linkerd}}")),
        broken(
            "pre-k8s",
            "not allowed",
            c -> c.allow(a -> !a.path("resource").asText().equals("cronjobs"))),
        broken(
            "pre-k8s",
            "not allowed",
            c ->
                c.allow(
                    a ->
                        !(a.path("resource").asText().equals("secrets")
                            && a.path("verb").asText().equals("get")))),
        broken(
            "pre-k8s",
            "requestheader-client-ca-file",
            c -> c.without("ConfigMap", "extension-apiserver-authentication")),
        broken(
            "pre-k8s-clock-skew",
            "late",
            c ->
                c.with(
                    """
                    apiVersion: v1
                    kind: Node
                    metadata: {name: late}
                    status:
                      conditions: [{type: Ready, status: "True", lastHeartbeatTime: "2026-03-01T11:00:00Z"}]
                    """)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("brokenBefore")
  void fault_beforeTheInstallation_isFound(String id, String reason, Consumer<FakeCluster> fault) {
    FakeCluster cluster = bare();
    fault.accept(cluster);

    assertThat(problems(CheckMode.PRE, cluster))
        .containsOnlyKeys(id)
        .allSatisfy((_, text) -> assertThat(text).contains(reason));
  }

  @Test
  void podsThatHaveEnded_areNoTrouble() {
    FakeCluster cluster = HealthyMesh.cluster();
    for (String phase : List.of("Succeeded", "Failed")) {
      ObjectNode pod = cluster.object("Pod", "web-1").deepCopy();
      ((ObjectNode) pod.path("metadata")).put("name", "job-" + phase);
      pod.putObject("status").put("phase", phase);
      cluster.with(pod.toString());
    }

    assertThat(problems(CheckMode.PROXY, cluster)).isEmpty();
  }

  @Test
  void newestVersion_givenByTheUser_isComparedWithAll() {
    assertThat(
            problems(CheckMode.DEFAULT, HealthyMesh.cluster(), Optional.of("0.2.0"), "").keySet())
        .containsExactly("l5d-version-cli", "l5d-version-control", "l5d-cp-proxy-version");
    assertThat(problems(CheckMode.PROXY, HealthyMesh.cluster(), Optional.of("0.2.0"), "").keySet())
        .contains("l5d-data-plane-version");
  }

  @Test
  void namespaceOfWorkloads_thatDoesNotExist_isNamed() {
    assertThat(problems(CheckMode.PROXY, HealthyMesh.cluster(), Optional.empty(), "nowhere"))
        .containsEntry("l5d-data-plane-exists", "error: namespace nowhere does not exist");
  }

  private static ObjectNode data(FakeCluster cluster, String kind, String name) {
    return (ObjectNode) cluster.object(kind, name).path("data");
  }

  private static ObjectNode status(FakeCluster cluster, String pod) {
    return (ObjectNode) cluster.object("Pod", pod).path("status");
  }

  private static ObjectNode metadata(FakeCluster cluster, String kind, String name, String map) {
    return ((ObjectNode) cluster.object(kind, name).path("metadata")).withObject("/" + map);
  }

  private static void notReady(FakeCluster cluster, String pod, String container) {
    ObjectNode status = status(cluster, pod);
    for (String list : List.of("initContainerStatuses", "containerStatuses")) {
      status
          .path(list)
          .forEach(
              one -> {
                if (one.path("name").asText().equals(container)) {
                  ((ObjectNode) one).put("ready", false);
                }
              });
    }
  }

  private static void image(FakeCluster cluster, String pod, String image) {
    for (String list : List.of("initContainers", "containers")) {
      cluster
          .object("Pod", pod)
          .at("/spec/" + list)
          .forEach(
              one -> {
                if (one.path("name").asText().equals("linkerd-proxy")) {
                  ((ObjectNode) one).put("image", image);
                }
              });
    }
  }

  private static String values(FakeCluster cluster, String version) {
    ObjectNode values =
        Yaml.object(data(cluster, "ConfigMap", "linkerd-config").path("values").asText());
    values.put("linkerdVersion", version);
    values.remove(List.of("highAvailability", "cniEnabled"));
    return Yaml.write(values);
  }

  private static Authority authority(int days) {
    try {
      Duration life = Duration.ofDays(Math.max(1, days));
      return Authority.root(
          "identity.linkerd.cluster.local",
          0,
          days < 0 ? HealthyMesh.NOW.minus(Duration.ofDays(30)) : HealthyMesh.NOW,
          life);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static void identity(FakeCluster cluster, Authority authority) {
    data(cluster, "ConfigMap", "linkerd-identity-trust-roots")
        .put("ca-bundle.crt", authority.certificatePem());
    data(cluster, "Secret", "linkerd-identity-issuer")
        .put("crt.pem", HealthyMesh.base64(authority.certificatePem()))
        .put("key.pem", HealthyMesh.base64(authority.keyPem()));
  }

  private static void webhook(FakeCluster cluster, String name, int days) {
    String pem =
        HealthyMesh.base64(
            TestCertificates.selfSigned(
                name,
                HealthyMesh.NOW.minus(Duration.ofDays(30)),
                HealthyMesh.NOW.plus(Duration.ofDays(days))));
    data(cluster, "Secret", "linkerd-proxy-injector-k8s-tls").put("tls.crt", pem);
    ((ObjectNode)
            cluster
                .object("MutatingWebhookConfiguration", "linkerd-proxy-injector-webhook-config")
                .at("/webhooks/0/clientConfig"))
        .put("caBundle", pem);
  }
}
