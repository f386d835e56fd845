package dev.weft.cli.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.Weft;
import dev.weft.cli.kube.FakeApiServer;
import dev.weft.cli.kube.FakeCluster;
import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.Secrets;
import dev.weft.injection.Yaml;
import dev.weft.pki.Authority;
import dev.weft.pki.PemCertificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code install}, {@code upgrade}, {@code prune} and {@code uninstall}, from words to text. */
final class InstallCommandsTest {
  private static final String DEFINITIONS = definitions();

  @TempDir private Path directory;

  private final FakeCluster cluster = new FakeCluster();
  private FakeApiServer server;
  private Path kubeconfig;

  @BeforeEach
  void start() throws IOException {
    server = new FakeApiServer(cluster);
    kubeconfig = server.kubeconfig(directory);
    cluster.with(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: kubernetes, namespace: default}
        spec: {ports: [{port: 443, targetPort: 6444}]}
        """);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String definitions() {
    Weft weft = Weft.run("install", "--crds", "--ignore-cluster");
    assertThat(weft.code()).as(weft.err()).isZero();
    return weft.out();
  }

  private Weft weft(String... arguments) {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.add("--kubeconfig=" + kubeconfig);
    return Weft.run(all.toArray(new String[0]));
  }

  private static List<KubeObject> objects(Weft weft) {
    assertThat(weft.code()).as(weft.err()).isZero();
    return Yaml.documents(weft.out()).stream().map(KubeObject::new).toList();
  }

  private static KubeObject object(Weft weft, String kind, String name) {
    return objects(weft).stream()
        .filter(o -> o.text("/kind").equals(kind) && o.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
  }

  private static ObjectNode overrides(Weft weft) {
    return Yaml.object(
        Secrets.texts(object(weft, "Secret", "linkerd-config-overrides"))
            .get("linkerd-config-overrides"));
  }

  private String[] certificates(Authority authority) throws IOException {
    Path certificate = Files.writeString(directory.resolve("crt.pem"), authority.certificatePem());
    Path key = Files.writeString(directory.resolve("key.pem"), authority.keyPem());
    return new String[] {
      "--identity-trust-anchors-file=" + certificate,
      "--identity-issuer-certificate-file=" + certificate,
      "--identity-issuer-key-file=" + key
    };
  }

  private static Authority authority() throws Exception {
    return Authority.root("identity.linkerd.cluster.local", 0, Instant.now(), Duration.ofDays(365));
  }

  private static String[] words(String first, String... others) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(Arrays.asList(others));
    return all.toArray(new String[0]);
  }

  @Test
  void install_withoutCertificates_makesARootThatIsItsOwnIssuer() throws Exception {
    Weft weft = Weft.run("install", "--ignore-cluster", "-L", "mesh");

    var issuer = Secrets.texts(object(weft, "Secret", "linkerd-identity-issuer"));
    var certificate = PemCertificates.parse(issuer.get("crt.pem")).getFirst();
    assertThat(certificate.getSubjectX500Principal().getName())
        .isEqualTo("CN=identity.mesh.cluster.local");
    assertThat(
            object(weft, "ConfigMap", "linkerd-identity-trust-roots")
                .text("/data/ca-bundle.crt")
                .strip())
        .isEqualTo(issuer.get("crt.pem").strip());
  }

  @Test
  void install_withTheSameCertificates_printsTheSameBytes() throws Exception {
    String[] words = words("install", certificates(authority()));
    cluster.with(DEFINITIONS);

    assertThat(weft(words)).isEqualTo(weft(words));
  }

  @Test
  void install_storesWhatDiffersFromTheDefaults_andNothingElse() throws Exception {
    cluster.with(DEFINITIONS);
    String[] words =
        words(
            "install",
            words(
                "--controller-replicas=2",
                words(
                    "--proxy-cpu-request=1500m",
                    words(
                        "--set=proxy.logLevel=debug,clusterDomain=cluster.local",
                        certificates(authority())))));

    ObjectNode overrides = overrides(weft(words));

    overrides.remove(List.of("identityTrustAnchorsPEM", "identity"));
    assertThat(overrides)
        .isEqualTo(
            Yaml.object(
                """
                controllerReplicas: 2
                proxy:
                  logLevel: debug
                  resources: {cpu: {request: 1500m}}
                  runtime: {workers: {minimum: 2}}
                proxyInit: {kubeAPIServerPorts: "443,6444"}
                """));
  }

  @Test
  void install_highAvailability_hasThreeReplicasOfEverything() {
    Weft weft = Weft.run("install", "--ignore-cluster", "--ha");

    assertThat(objects(weft))
        .filteredOn(o -> o.text("/kind").equals("Deployment"))
        .isNotEmpty()
        .allSatisfy(o -> assertThat(o.at("/spec/replicas").asInt()).isEqualTo(3));
  }

  @Test
  void install_json_isOneObjectALine() {
    Weft weft = Weft.run("install", "--ignore-cluster", "-o", "json");

    assertThat(weft.out().lines())
        .allSatisfy(line -> assertThat(Yaml.object(line).has("kind")).isTrue());
  }

  @Test
  void install_secondControlPlane_isRefused() {
    cluster
        .with(DEFINITIONS)
        .with(
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: linkerd-config, namespace: linkerd}}");

    Weft weft = weft("install");

    assertThat(weft.code()).isEqualTo(1);
    assertThat(weft.out()).isEmpty();
    assertThat(weft.err()).contains("linkerd-config exists").contains("weft upgrade");
  }

  @Test
  void install_withoutDefinitions_saysHowToGetThem() {
    Weft weft = weft("install");

    assertThat(weft.code()).isEqualTo(1);
    assertThat(weft.err()).contains("weft install --crds");
  }

  @Test
  void install_nodesWithDocker_needRoot() {
    cluster
        .with(DEFINITIONS)
        .with(
            """
            apiVersion: v1
            kind: Node
            metadata: {name: old}
            status: {nodeInfo: {containerRuntimeVersion: "docker://20"}}
            """);

    assertThat(weft("install").err()).contains("Docker on old").contains("runAsRoot");
    assertThat(weft("install", "--set", "proxyInit.runAsRoot=true").code()).isZero();
  }

  @Test
  void install_oneCertificateFileOfThree_isRefused() throws Exception {
    Weft weft = Weft.run("install", "--ignore-cluster", certificates(authority())[0]);

    assertThat(weft.code()).isEqualTo(1);
    assertThat(weft.err()).contains("1 of 3");
  }

  @Test
  void install_keyOfAnotherIssuer_isRefused() throws Exception {
    String[] words = certificates(authority());
    Files.writeString(directory.resolve("key.pem"), authority().keyPem());

    Weft weft = Weft.run(words("install", words("--ignore-cluster", words)));

    assertThat(weft.code()).isEqualTo(1);
    assertThat(weft.err()).contains("the key is not that of the issuer");
  }

  @Test
  void install_unknownValue_isRefusedByItsName() {
    Weft weft = Weft.run("install", "--ignore-cluster", "--set", "proxy.logLevle=debug");

    assertThat(weft.code()).isEqualTo(1);
    assertThat(weft.err()).contains("logLevle");
  }

  @Test
  void install_badPorts_areRefused() {
    assertThat(Weft.run("install", "--ignore-cluster", "--skip-inbound-ports", "10-5").err())
        .contains("'10-5'")
        .contains("fix:");
  }

  @Test
  void install_externalIssuer_takesItsAnchors() throws Exception {
    String pem = authority().certificatePem();
    cluster
        .with(DEFINITIONS)
        .with(
            "{apiVersion: v1, kind: Secret, metadata: {name: linkerd-identity-issuer, namespace: linkerd}, data: {ca.crt: %s}}"
                .formatted(
                    Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8))));

    Weft weft = weft("install", "--identity-external-issuer");

    assertThat(
            object(weft, "ConfigMap", "linkerd-identity-trust-roots")
                .text("/data/ca-bundle.crt")
                .strip())
        .isEqualTo(pem.strip());
    assertThat(objects(weft)).noneMatch(o -> o.name().equals("linkerd-identity-issuer"));
  }

  @Test
  void upgrade_ofAnInstallation_printsTheSame() throws Exception {
    cluster.with(DEFINITIONS);
    Weft installed =
        weft(words("install", words("--set=proxy.logLevel=debug", certificates(authority()))));
    cluster.with(installed.out());

    Weft upgraded = weft("upgrade");

    assertThat(upgraded.code()).as(upgraded.err()).isZero();
    assertThat(upgraded.out()).isEqualTo(installed.out());
  }

  @Test
  void upgrade_fromManifests_printsTheSameAsFromTheCluster() throws Exception {
    cluster.with(DEFINITIONS);
    Weft installed = weft(words("install", certificates(authority())));
    cluster.with(installed.out());
    Path manifests = Files.writeString(directory.resolve("installed.yaml"), installed.out());

    assertThat(weft("upgrade", "--from-manifests", manifests.toString()).out())
        .isEqualTo(weft("upgrade").out());
  }

  @Test
  void upgrade_flags_areAddedToWhatIsStored() throws Exception {
    cluster.with(DEFINITIONS);
    cluster.with(
        weft(words("install", words("--set=proxy.logLevel=debug", certificates(authority()))))
            .out());

    ObjectNode overrides = overrides(weft("upgrade", "--controller-log-level", "debug"));

    assertThat(overrides.path("controllerLogLevel").asText()).isEqualTo("debug");
    assertThat(overrides.at("/proxy/logLevel").asText()).isEqualTo("debug");
  }

  @Test
  void upgrade_keepsAnIssuerThatWasRotatedInItsSecret() throws Exception {
    Authority root = Authority.root("root", 1, Instant.now(), Duration.ofDays(365));
    Authority first = root.below("first", Instant.now(), Duration.ofDays(100));
    Authority second = root.below("second", Instant.now(), Duration.ofDays(100));
    Path anchors = Files.writeString(directory.resolve("anchors.pem"), root.certificatePem());
    String[] words = certificates(first);
    words[0] = "--identity-trust-anchors-file=" + anchors;
    cluster.with(DEFINITIONS).with(weft(words("install", words)).out());
    ((ObjectNode) cluster.object("Secret", "linkerd-identity-issuer").path("data"))
        .put("crt.pem", base64(second.certificatePem()))
        .put("key.pem", base64(second.keyPem()));

    Weft upgraded = weft("upgrade");

    assertThat(
            Secrets.texts(object(upgraded, "Secret", "linkerd-identity-issuer"))
                .get("crt.pem")
                .strip())
        .isEqualTo(second.certificatePem().strip());
  }

  @Test
  void upgrade_issuerThatRunningProxiesDoNotTrust_isRefusedUnlessForced() throws Exception {
    cluster.with(DEFINITIONS);
    Authority old = authority();
    cluster.with(weft(words("install", certificates(old))).out());
    ObjectNode pod =
        Yaml.object(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: app, labels: {linkerd.io/control-plane-ns: linkerd}}
            spec: {containers: [{name: linkerd-proxy, env: [{name: LINKERD2_PROXY_IDENTITY_TRUST_ANCHORS, value: x}]}]}
            """);
    ((ObjectNode) pod.at("/spec/containers/0/env/0")).put("value", old.certificatePem());
    cluster.with(pod.toString());
    String[] fresh = certificates(authority());

    Weft refused = weft(words("upgrade", fresh));
    Weft forced = weft(words("upgrade", words("--force", fresh)));

    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("app/web");
    assertThat(forced.code()).as(forced.err()).isZero();
    assertThat(forced.err()).contains("trust anchors change");
  }

  @Test
  void upgrade_ofAHelmInstallation_isRefused() {
    cluster.with(DEFINITIONS);

    Weft weft = weft("upgrade");

    assertThat(weft.code()).isEqualTo(1);
    assertThat(weft.err()).contains("linkerd-config-overrides").contains("helm upgrade");
  }

  @Test
  void prune_printsWhatIsNotRenderedAnyMore() throws Exception {
    cluster.with(DEFINITIONS);
    cluster.with(weft(words("install", certificates(authority()))).out());
    cluster.with(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: linkerd-old, namespace: linkerd, labels: {linkerd.io/control-plane-ns: linkerd}}
        data: {a: b}
        """);
    cluster.with(
        """
        apiVersion: v1
        kind: Secret
        metadata:
          name: linkerd-proxy-injector-k8s-tls
          namespace: linkerd
          labels: {linkerd.io/control-plane-ns: linkerd}
          ownerReferences:
          - {apiVersion: admissionregistration.k8s.io/v1, kind: MutatingWebhookConfiguration, name: own, uid: u1}
        """);

    Weft weft = weft("prune");

    assertThat(Yaml.documents(weft.out()))
        .containsExactly(
            Yaml.object(
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: linkerd-old, namespace: linkerd}}"));
  }

  @Test
  void uninstall_namesEverythingOfTheWholeCluster() throws Exception {
    cluster.with(DEFINITIONS);
    cluster.with(weft(words("install", certificates(authority()))).out());

    Weft weft = weft("uninstall");

    assertThat(objects(weft))
        .extracting(o -> o.text("/kind"))
        .contains(
            "Namespace",
            "ClusterRole",
            "ClusterRoleBinding",
            "CustomResourceDefinition",
            "MutatingWebhookConfiguration")
        .doesNotContain("Deployment", "Service");
    assertThat(objects(weft).getLast().text("/kind")).isEqualTo("Namespace");
  }

  @Test
  void uninstall_whilePodsAreMeshed_isRefusedUnlessForced() {
    cluster.with(
        "{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: app, labels: {linkerd.io/control-plane-ns: linkerd}}}");

    assertThat(weft("uninstall").code()).isEqualTo(1);
    assertThat(weft("uninstall").err()).contains("app/web");
    assertThat(weft("uninstall", "--force").code()).isZero();
  }

  @Test
  void uninstall_whileExtensionsAreThere_isRefused() {
    cluster.with(
        "{apiVersion: v1, kind: Namespace, metadata: {name: viz, labels: {linkerd.io/extension: viz}}}");

    assertThat(weft("uninstall").err()).contains("viz in namespace viz");
  }

  @Test
  void uninstall_nothingThere_saysSoAndIsDone() {
    Weft weft = weft("uninstall");

    assertThat(weft.code()).isZero();
    assertThat(weft.out()).isEmpty();
    assertThat(weft.err()).contains("nothing to uninstall");
  }

  @Test
  void installCni_isReserved() {
    Weft weft = Weft.run("install-cni", "--use-wait-flag");

    assertThat(weft.code()).isEqualTo(1);
    assertThat(weft.err()).contains("CNI plugin").contains("fix:");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
