package dev.weft.cli.install;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.helm.Rendering;
import dev.weft.injection.Yaml;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What an installation without any flags would create. */
public final class ControlPlaneManifest {
  private ControlPlaneManifest() {}

  /** Definitions and control plane, with certificates made for this call. */
  public static List<ObjectNode> withDefaults(String namespace, Instant now) {
    ObjectNode values = ValueTree.empty();
    IdentityMaterial.generate(values, namespace, now);
    List<String> texts =
        new ArrayList<>(
            Manifests.definitions(namespace, ValueTree.empty(), Rendering.OLDEST_KUBERNETES));
    texts.addAll(Manifests.controlPlane(namespace, values, Rendering.OLDEST_KUBERNETES));
    return texts.stream().map(Yaml::object).toList();
  }
}
