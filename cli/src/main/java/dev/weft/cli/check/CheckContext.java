package dev.weft.cli.check;

import dev.weft.cli.kube.Cluster;
import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.MeshConfig;
import dev.weft.cli.kube.ObjectKind;
import dev.weft.cli.kube.Secrets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What checks look at. The cluster is opened by the first check that asks for it, and everything is
 * read anew each time, since checks are repeated until things change.
 */
final class CheckContext implements AutoCloseable {
  private static final String COMPONENT = "linkerd.io/control-plane-component";

  private final CheckSettings settings;
  private final Supplier<Cluster> opener;
  private final InstantSource clock;
  private volatile @Nullable Cluster cluster;

  CheckContext(CheckSettings settings, Supplier<Cluster> opener, InstantSource clock) {
    this.settings = settings;
    this.opener = opener;
    this.clock = clock;
  }

  CheckSettings settings() {
    return settings;
  }

  Instant now() {
    return clock.instant();
  }

  /** Opens the cluster if nobody did yet. */
  Cluster cluster() {
    Cluster open = cluster;
    if (open == null) {
      open = opener.get();
      cluster = open;
    }
    return open;
  }

  /** What the control plane was installed with; empty if there is none. */
  Optional<MeshConfig> config() {
    return MeshConfig.read(cluster(), settings.controlPlane());
  }

  /** An object in the namespace of the control plane. */
  Optional<KubeObject> own(ObjectKind kind, String name) {
    return cluster().get(kind, settings.controlPlane(), name);
  }

  /** The pods of the control plane. */
  List<KubeObject> controlPlanePods() {
    return cluster().list(ObjectKind.POD, settings.controlPlane(), COMPONENT);
  }

  /** The pods of one component. */
  List<KubeObject> podsOf(String component) {
    return cluster().list(ObjectKind.POD, settings.controlPlane(), COMPONENT + "=" + component);
  }

  /** The meshed pods that are looked at, those of the control plane left out. */
  List<KubeObject> meshedPods() {
    return cluster()
        .list(
            ObjectKind.POD,
            settings.dataPlane(),
            "linkerd.io/control-plane-ns=" + settings.controlPlane())
        .stream()
        .filter(pod -> !pod.namespace().equals(settings.controlPlane()))
        .toList();
  }

  /** The texts of a Secret, decoded. */
  static Map<String, String> secret(KubeObject secret) {
    return Secrets.texts(secret);
  }

  @Override
  public void close() {
    Cluster open = cluster;
    if (open != null) {
      open.close();
    }
  }
}
