package dev.weft.injector;

import dev.weft.kit.tls.TestPki;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** The injector on a directory of manifests and mounted certificates, without a cluster. */
public final class ManifestsProfile implements QuarkusTestProfile {
  static final InjectorFiles FILES = InjectorFiles.create();
  static final TestPki.Pair AUTHORITY = TestPki.root("webhook authority");

  @Override
  public Map<String, String> getConfigOverrides() {
    TestPki.Pair leaf =
        TestPki.leaf(
            AUTHORITY,
            TestPki.Spec.authority("linkerd-proxy-injector.linkerd.svc"),
            "linkerd-proxy-injector.linkerd.svc",
            "localhost");
    FILES.write(FILES.tls().resolve("tls.crt"), leaf.certificatePem());
    FILES.write(FILES.tls().resolve("tls.key"), leaf.keyPem());
    FILES.write(
        FILES.manifests().resolve("cluster.yaml"),
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop, annotations: {linkerd.io/inject: enabled}}
        ---
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata:
          name: web-5f7
          namespace: shop
          ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: "1", controller: true}]
        """);
    return Map.of(
        "weft.resources.directories", FILES.manifests().toString(),
        "weft.resources.rescan", "0.1S",
        "weft.webhook.tls.directory", FILES.tls().toString(),
        "weft.injector.lookup-wait", "0.2S",
        "weft.injector.values", FILES.values().toString(),
        "weft.injector.trust-anchors", FILES.anchors().toString());
  }
}
