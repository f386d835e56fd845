package dev.weft.cli.install;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.CliException;
import dev.weft.cli.TextSource;
import dev.weft.cli.kube.Cluster;
import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.ObjectKind;
import dev.weft.cli.kube.Secrets;
import dev.weft.injection.Yaml;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the values an installation has beside the defaults, and its issuer as it is now. */
final class Stored {
  private static final String ISSUER = "linkerd-identity-issuer";

  private Stored() {}

  /** In the cluster. */
  static ObjectNode inCluster(Cluster cluster, String namespace) {
    return values(
        cluster.get(ObjectKind.SECRET, namespace, Manifests.OVERRIDES),
        cluster.get(ObjectKind.SECRET, namespace, ISSUER),
        "namespace " + namespace);
  }

  /**
   * In manifests.
   *
   * @param source file, URL or {@code -}
   */
  static ObjectNode inManifests(String source, String namespace) {
    try {
      List<KubeObject> secrets =
          Yaml.documents(TextSource.read(source)).stream()
              .flatMap(Stored::items)
              .map(KubeObject::new)
              .filter(object -> object.text("/kind").equals("Secret"))
              .filter(object -> object.namespace().equals(namespace))
              .toList();
      return values(
          named(secrets, Manifests.OVERRIDES),
          named(secrets, ISSUER),
          "the manifests of " + source);
    } catch (IOException | IllegalArgumentException e) {
      throw new CliException(
          "manifests of " + source + " cannot be read",
          String.valueOf(e.getMessage()),
          "give what `weft install` printed, or `kubectl -n linkerd get secret -o yaml`");
    }
  }

  private static Stream<JsonNode> items(JsonNode document) {
    return document.path("items").isArray()
        ? KubeObject.items(document.path("items")).stream()
        : Stream.of(document);
  }

  private static Optional<KubeObject> named(List<KubeObject> secrets, String name) {
    return secrets.stream().filter(secret -> secret.name().equals(name)).findFirst();
  }

  private static ObjectNode values(
      Optional<KubeObject> overrides, Optional<KubeObject> issuer, String where) {
    KubeObject secret =
        overrides.orElseThrow(
            () ->
                new CliException(
                    "the installation cannot be upgraded",
                    "Secret %s is not in %s".formatted(Manifests.OVERRIDES, where),
                    "use `helm upgrade` if Helm installed it, else name the namespace with -L"));
    ObjectNode values;
    try {
      values = Yaml.object(Secrets.texts(secret).getOrDefault(Manifests.OVERRIDES, ""));
    } catch (IllegalArgumentException e) {
      throw new CliException(
          "Secret " + Manifests.OVERRIDES + " cannot be used",
          String.valueOf(e.getMessage()),
          "restore it from the manifests of the installation, with --from-manifests");
    }
    if (!IdentityMaterial.isExternal(values)) {
      // The issuer may have been rotated since, in its Secret alone.
      issuer.ifPresent(found -> takeOver(values, Secrets.texts(found)));
    }
    return values;
  }

  private static void takeOver(ObjectNode values, Map<String, String> issuer) {
    String certificate = issuer.getOrDefault("crt.pem", "");
    String key = issuer.getOrDefault("key.pem", "");
    boolean rotated =
        !certificate
            .strip()
            .equals(IdentityMaterial.text(values, IssuerOptions.CERTIFICATE, "").strip());
    if (rotated && !certificate.isBlank() && !key.isBlank()) {
      ValueTree.put(values, IssuerOptions.CERTIFICATE, certificate);
      ValueTree.put(values, IssuerOptions.KEY, key);
    }
  }
}
