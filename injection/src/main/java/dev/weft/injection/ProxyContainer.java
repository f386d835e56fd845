package dev.weft.injection;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Builds the container {@code linkerd-proxy}. */
final class ProxyContainer {
  static final String END_ENTITY_PATH = "/var/run/linkerd/identity/end-entity";
  static final String TOKEN_PATH = "/var/run/secrets/tokens";
  static final String PODINFO_PATH = "/var/run/linkerd/podinfo";

  private static final String AWAIT = "/usr/lib/linkerd/linkerd-await";

  private ProxyContainer() {}

  /**
   * @throws RefusedException if the settings do not go together
   */
  static ObjectNode of(
      Installation mesh, Settings settings, PodView pod, Map<String, String> annotations) {
    Settings.Proxy proxy = settings.proxy();
    boolean isNative = proxy.lifecycle().nativeSidecar();
    ObjectNode container = JsonNodeFactory.instance.objectNode();
    container
        .put("name", Names.PROXY_CONTAINER)
        .put("image", proxy.image().reference())
        .put("imagePullPolicy", proxy.image().pullPolicy());
    container.set("env", ProxyEnvironment.of(mesh, settings, pod, annotations));
    ArrayNode ports = container.putArray("ports");
    ports.addObject().put("containerPort", proxy.ports().inbound()).put("name", "linkerd-proxy");
    ports.addObject().put("containerPort", proxy.ports().admin()).put("name", "linkerd-admin");
    probes(container, proxy);
    if (isNative) {
      container.put("restartPolicy", "Always");
    } else {
      lifecycle(container, proxy);
    }
    container.set("resources", Containers.resources(proxy.resources()));
    container.set("securityContext", securityContext(proxy, pod));
    container.put("terminationMessagePolicy", "FallbackToLogsOnError");
    container.set("volumeMounts", mounts(settings, pod));
    return container;
  }

  private static void probes(ObjectNode container, Settings.Proxy proxy) {
    Settings.Probes probes = proxy.probes();
    int admin = proxy.ports().admin();
    ObjectNode live = container.putObject("livenessProbe");
    Containers.httpGet(live, "/live", admin);
    live.put("initialDelaySeconds", probes.liveDelaySeconds())
        .put("timeoutSeconds", probes.liveTimeoutSeconds());
    ObjectNode ready = container.putObject("readinessProbe");
    Containers.httpGet(ready, "/ready", admin);
    ready
        .put("initialDelaySeconds", probes.readyDelaySeconds())
        .put("timeoutSeconds", probes.readyTimeoutSeconds());
    if (proxy.lifecycle().nativeSidecar() && proxy.lifecycle().await()) {
      ObjectNode start = container.putObject("startupProbe");
      Containers.httpGet(start, "/ready", admin);
      start
          .put("initialDelaySeconds", probes.startDelaySeconds())
          .put("periodSeconds", probes.startPeriodSeconds())
          .put("failureThreshold", probes.startFailures());
    }
  }

  private static void lifecycle(ObjectNode container, Settings.Proxy proxy) {
    ObjectNode lifecycle = JsonNodeFactory.instance.objectNode();
    if (proxy.lifecycle().await()) {
      lifecycle
          .putObject("postStart")
          .putObject("exec")
          .putArray("command")
          .add(AWAIT)
          .add("--timeout=2m")
          .add("--port=" + proxy.ports().admin());
    }
    if (proxy.lifecycle().waitBeforeExitSeconds() > 0) {
      lifecycle
          .putObject("preStop")
          .putObject("exec")
          .putArray("command")
          .add("/bin/sleep")
          .add(String.valueOf(proxy.lifecycle().waitBeforeExitSeconds()));
    }
    if (!lifecycle.isEmpty()) {
      container.set("lifecycle", lifecycle);
    }
  }

  private static ObjectNode securityContext(Settings.Proxy proxy, PodView pod) {
    if (!proxy.securityContext().isEmpty()) {
      return proxy.securityContext();
    }
    ObjectNode context = JsonNodeFactory.instance.objectNode();
    context.put("allowPrivilegeEscalation", false);
    pod.capabilities().ifPresent(capabilities -> context.set("capabilities", capabilities));
    context.put("readOnlyRootFilesystem", true).put("runAsNonRoot", true);
    context.put("runAsUser", proxy.uid());
    if (proxy.gid() >= 0) {
      context.put("runAsGroup", proxy.gid());
    }
    Containers.seccomp(context);
    return context;
  }

  private static ArrayNode mounts(Settings settings, PodView pod) {
    ArrayNode mounts = JsonNodeFactory.instance.arrayNode();
    Containers.mount(mounts, Names.END_ENTITY_VOLUME, END_ENTITY_PATH);
    if (settings.proxy().tracing().enabled()) {
      Containers.mount(mounts, Names.PODINFO_VOLUME, PODINFO_PATH);
    }
    if (settings.tokenProjection()) {
      Containers.mount(mounts, Names.TOKEN_VOLUME, TOKEN_PATH);
    }
    pod.serviceAccountMount().ifPresent(mounts::add);
    return mounts;
  }
}
