package dev.weft.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The injection of one pod. Used once, by one thread. */
final class PodInjection {
  private static final String TOKEN_AUDIENCE = "identity.l5d.io";
  private static final int TOKEN_SECONDS = 86_400;

  private final Installation mesh;
  private final ObjectNode pod;
  private final PodView view;
  private final NamespaceFacts namespace;
  private final Optional<Owner> owner;
  private final boolean asked;
  private final List<String> warnings = new ArrayList<>();
  private final List<PatchOperation> patch = new ArrayList<>();

  PodInjection(
      Installation mesh,
      ObjectNode pod,
      NamespaceFacts namespace,
      Optional<Owner> owner,
      boolean asked) {
    this.mesh = mesh;
    this.pod = pod;
    this.view = new PodView(pod);
    this.namespace = namespace;
    this.owner = owner;
    this.asked = asked;
  }

  Outcome outcome() {
    Settings installed = mesh.values().settings();
    List<SkipReason> reasons =
        Decision.reasonsAgainst(view, namespace.annotations(), installed, asked);
    Optional<String> opaque = OpaquePorts.ofPod(view, namespace.annotations(), installed);
    if (!reasons.isEmpty()) {
      return new Outcome.Skipped(
          reasons,
          opaque.map(ports -> Injector.opaquePatch(pod, ports)).orElse(List.of()),
          warnings);
    }
    try {
      inject(opaque);
      return new Outcome.Patched(patch, warnings);
    } catch (RefusedException | ValuesException e) {
      return new Outcome.Refused(String.valueOf(e.getMessage()));
    }
  }

  private void inject(Optional<String> opaque) {
    Map<String, String> added = Injector.inherited(view.annotations(), namespace.annotations());
    opaque.ifPresent(ports -> added.put(Names.OPAQUE_PORTS, ports));
    Map<String, String> annotations = new LinkedHashMap<>();
    namespace
        .annotations()
        .forEach(
            (key, value) -> {
              if (key.startsWith(Names.TRACE_ATTRIBUTE_PREFIX)) {
                annotations.put(key, value);
              }
            });
    annotations.putAll(view.annotations());
    annotations.putAll(added);
    Settings settings =
        Overrides.settings(mesh.values(), annotations, namespace.annotations(), view, warnings);
    added.put(Names.CREATED_BY, mesh.createdBy());
    added.put(Names.PROXY_VERSION, settings.proxy().image().version());
    added.put(Names.TRUST_ROOT_SHA256, sha256(mesh.trustAnchors()));

    metadata(added);
    spec(settings, annotations);
  }

  private void metadata(Map<String, String> annotations) {
    if (pod.path("metadata").isEmpty()) {
      add("/metadata", JsonNodeFactory.instance.objectNode());
    }
    texts("/metadata/annotations", view.annotations().isEmpty(), annotations);
    Map<String, String> labels = new TreeMap<>();
    labels.put(Names.CONTROL_PLANE_NS, mesh.controlPlaneNamespace());
    if (!namespace.name().isEmpty()) {
      labels.put(Names.WORKLOAD_NS, namespace.name());
    }
    owner.ifPresent(o -> labels.put(o.kind().label(), o.name()));
    texts("/metadata/labels", view.labels().isEmpty(), labels);
  }

  private void texts(String path, boolean missing, Map<String, String> texts) {
    if (missing) {
      add(path, JsonNodeFactory.instance.objectNode());
    }
    texts.forEach(
        (key, value) ->
            add(path + "/" + JsonPatch.escape(key), JsonNodeFactory.instance.textNode(value)));
  }

  private void spec(Settings settings, Map<String, String> annotations) {
    if (view.spec().path("volumes").isEmpty()) {
      add("/spec/volumes", JsonNodeFactory.instance.arrayNode());
    }
    if (view.initContainers().isEmpty()) {
      add("/spec/initContainers", JsonNodeFactory.instance.arrayNode());
    }
    boolean isNative = settings.proxy().lifecycle().nativeSidecar();
    String first = isNative ? "/spec/initContainers/0" : "/spec/initContainers/-";
    if (settings.cluster().cni()) {
      add(first, InitContainers.validator(settings));
    } else {
      volume(Names.XTABLES_VOLUME).putObject("emptyDir");
      add(first, InitContainers.redirection(settings, view));
    }
    if (settings.debugSidecar()) {
      add("/spec/containers/-", InitContainers.debug(settings));
    }
    volumes(settings);
    add(proxyPlace(settings), ProxyContainer.of(mesh, settings, view, annotations));
  }

  private static String proxyPlace(Settings settings) {
    if (settings.proxy().lifecycle().nativeSidecar()) {
      return "/spec/initContainers/1";
    }
    return settings.proxy().lifecycle().await() ? "/spec/containers/0" : "/spec/containers/-";
  }

  private void volumes(Settings settings) {
    volume(Names.END_ENTITY_VOLUME).putObject("emptyDir").put("medium", "Memory");
    if (settings.proxy().tracing().enabled()) {
      ObjectNode item =
          volume(Names.PODINFO_VOLUME).putObject("downwardAPI").putArray("items").addObject();
      item.putObject("fieldRef").put("fieldPath", "metadata.labels");
      item.put("path", "labels");
    }
    if (settings.tokenProjection()) {
      volume(Names.TOKEN_VOLUME)
          .putObject("projected")
          .putArray("sources")
          .addObject()
          .putObject("serviceAccountToken")
          .put("path", Names.TOKEN_VOLUME)
          .put("expirationSeconds", TOKEN_SECONDS)
          .put("audience", TOKEN_AUDIENCE);
    }
  }

  private ObjectNode volume(String name) {
    ObjectNode volume = JsonNodeFactory.instance.objectNode().put("name", name);
    add("/spec/volumes/-", volume);
    return volume;
  }

  private void add(String path, JsonNode value) {
    patch.add(new PatchOperation(path, value));
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
