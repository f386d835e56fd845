package dev.weft.injection;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether a pod is injected; the contract's checks, in its order. */
final class Decision {
  private static final Set<String> KNOWN_VALUES =
      Set.of("", Names.ENABLED, Names.INGRESS, Names.DISABLED);
  private static final Set<String> SIDECAR_NAMES = Set.of(Names.PROXY_CONTAINER, "istio-proxy");
  private static final List<String> SIDECAR_IMAGES =
      List.of("cr.l5d.io/linkerd/proxy:", "gcr.io/istio-release/proxyv2:");
  private static final Set<String> INIT_NAMES = Set.of(Names.INIT_CONTAINER, "istio-init");
  private static final List<String> INIT_IMAGES =
      List.of("cr.l5d.io/linkerd/proxy-init:", "gcr.io/istio-release/proxy_init:");

  private Decision() {}

  /**
   * Why not; empty where the pod is to be injected.
   *
   * @param asked whether somebody asks for it in person, so that no opt-in is needed
   */
  static List<SkipReason> reasonsAgainst(
      PodView pod, Map<String, String> namespace, Settings settings, boolean asked) {
    List<SkipReason> reasons = new ArrayList<>();
    if (pod.hostNetwork()) {
      reasons.add(SkipReason.HOST_NETWORK);
    }
    if (hasSidecar(pod)) {
      reasons.add(SkipReason.SIDECAR_EXISTS);
    }
    if (!pod.spec().isObject()) {
      reasons.add(SkipReason.UNSUPPORTED);
    }
    optIn(
            namespace.getOrDefault(Names.INJECT, ""),
            pod.annotations().getOrDefault(Names.INJECT, ""),
            asked)
        .ifPresent(reasons::add);
    if (!settings.tokenProjection() && lacksToken(pod)) {
      reasons.add(SkipReason.NO_TOKEN);
    }
    return reasons;
  }

  private static Optional<SkipReason> optIn(String namespace, String pod, boolean asked) {
    if (!KNOWN_VALUES.contains(namespace)) {
      return Optional.of(SkipReason.INVALID_AT_NAMESPACE);
    }
    if (!KNOWN_VALUES.contains(pod)) {
      return Optional.of(SkipReason.INVALID_AT_WORKLOAD);
    }
    boolean on = asked || isOn(namespace);
    if (on && pod.equals(Names.DISABLED)) {
      return Optional.of(SkipReason.DISABLED);
    }
    return on || isOn(pod) ? Optional.empty() : Optional.of(SkipReason.NOT_ENABLED);
  }

  private static boolean isOn(String value) {
    return value.equals(Names.ENABLED) || value.equals(Names.INGRESS);
  }

  private static boolean hasSidecar(PodView pod) {
    return pod.allContainers().stream()
            .anyMatch(container -> is(container, SIDECAR_NAMES, SIDECAR_IMAGES))
        || pod.initContainers().stream()
            .anyMatch(container -> is(container, INIT_NAMES, INIT_IMAGES));
  }

  private static boolean is(JsonNode container, Set<String> names, List<String> images) {
    String image = container.path("image").asText("");
    return names.contains(container.path("name").asText(""))
        || images.stream().anyMatch(image::startsWith);
  }

  private static boolean lacksToken(PodView pod) {
    JsonNode automount = pod.spec().path("automountServiceAccountToken");
    return (automount.isBoolean() && !automount.booleanValue())
        || pod.serviceAccountMount().isEmpty();
  }
}
