package dev.weft.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/**
 * Builds the containers that run before the application: the one which redirects traffic, the one
 * which checks that a CNI plugin did; and the one for debugging beside it.
 */
final class InitContainers {
  private static final List<String> OWN_CAPABILITIES = List.of("NET_ADMIN", "NET_RAW");

  private InitContainers() {}

  /**
   * @throws RefusedException if the settings do not go together
   */
  static ObjectNode redirection(Settings settings, PodView pod) {
    Settings.Proxy proxy = settings.proxy();
    Settings.ProxyInit init = settings.proxyInit();
    ObjectNode container = JsonNodeFactory.instance.objectNode();
    container
        .put("name", Names.INIT_CONTAINER)
        .put("image", proxy.image().reference())
        .put("imagePullPolicy", proxy.image().pullPolicy());
    container.putArray("command").add("/usr/lib/linkerd/linkerd2-proxy-init");
    container.set("args", arguments(settings));
    container.set("resources", Containers.resources(proxy.resources()));
    container.set("securityContext", securityContext(init, pod));
    container.put("terminationMessagePolicy", "FallbackToLogsOnError");
    ArrayNode mounts = container.putArray("volumeMounts");
    Containers.mount(mounts, Names.XTABLES_VOLUME, init.xtMountPath());
    pod.serviceAccountMount().ifPresent(mounts::add);
    return container;
  }

  private static ArrayNode arguments(Settings settings) {
    Settings.Proxy proxy = settings.proxy();
    Settings.ProxyInit init = settings.proxyInit();
    ArrayNode args = JsonNodeFactory.instance.arrayNode();
    switch (init.iptablesMode()) {
      case "nft" ->
          args.add("--firewall-bin-path")
              .add("iptables-nft")
              .add("--firewall-save-bin-path")
              .add("iptables-nft-save");
      case "legacy" -> {
        // What the program takes unless told otherwise.
      }
      default ->
          throw new RefusedException(
              "value proxyInit.iptablesMode=%s refused; cause: unknown mode; fix: write nft or legacy"
                  .formatted(init.iptablesMode()));
    }
    if (!settings.cluster().ipv6()) {
      args.add("--ipv6=false");
    }
    args.add("--incoming-proxy-port").add(String.valueOf(proxy.ports().inbound()));
    args.add("--outgoing-proxy-port").add(String.valueOf(proxy.ports().outbound()));
    args.add("--proxy-uid").add(String.valueOf(proxy.uid()));
    if (proxy.gid() >= 0) {
      args.add("--proxy-gid").add(String.valueOf(proxy.gid()));
    }
    String own = proxy.ports().control() + "," + proxy.ports().admin();
    option(
        args,
        "--inbound-ports-to-ignore",
        init.ignoreInboundPorts().isEmpty() ? own : own + "," + init.ignoreInboundPorts());
    option(args, "--outbound-ports-to-ignore", init.ignoreOutboundPorts());
    if (init.closeWaitSeconds() > 0) {
      if (!init.runAsRoot()) {
        throw new RefusedException(
            "close-wait time-out of %d s refused; cause: only root can set it; fix: leave out annotation %s and value proxyInit.closeWaitTimeoutSecs, or set proxyInit.runAsRoot=true"
                .formatted(init.closeWaitSeconds(), ConfigAnnotation.CLOSE_WAIT_TIMEOUT.key()));
      }
      option(args, "--timeout-close-wait-secs", String.valueOf(init.closeWaitSeconds()));
    }
    option(args, "--log-format", init.logFormat());
    option(args, "--log-level", init.logLevel());
    option(args, "--subnets-to-ignore", init.skipSubnets());
    return args;
  }

  private static void option(ArrayNode args, String name, String value) {
    if (!value.isEmpty()) {
      args.add(name).add(value);
    }
  }

  private static ObjectNode securityContext(Settings.ProxyInit init, PodView pod) {
    boolean privileged = init.privileged() || init.closeWaitSeconds() > 0;
    ObjectNode context = JsonNodeFactory.instance.objectNode();
    context.put("allowPrivilegeEscalation", privileged);
    context.set("capabilities", capabilities(pod));
    context.put("privileged", privileged).put("readOnlyRootFilesystem", true);
    if (init.runAsRoot()) {
      context.put("runAsNonRoot", false).put("runAsUser", 0).put("runAsGroup", 0);
    } else {
      context
          .put("runAsNonRoot", true)
          .put("runAsUser", orNobody(init.runAsUser()))
          .put("runAsGroup", orNobody(init.runAsGroup()));
    }
    Containers.seccomp(context);
    return context;
  }

  private static int orNobody(int id) {
    return id == 0 ? 65534 : id;
  }

  private static ObjectNode capabilities(PodView pod) {
    ObjectNode capabilities = JsonNodeFactory.instance.objectNode();
    ArrayNode add = capabilities.putArray("add");
    OWN_CAPABILITIES.forEach(add::add);
    JsonNode declared = pod.capabilities().orElse(JsonNodeFactory.instance.objectNode());
    declared
        .path("add")
        .forEach(
            name -> {
              if (!OWN_CAPABILITIES.contains(name.asText())) {
                add.add(name.asText());
              }
            });
    ArrayNode drop = JsonNodeFactory.instance.arrayNode();
    declared
        .path("drop")
        .forEach(
            name -> {
              if (!Set.copyOf(OWN_CAPABILITIES).contains(name.asText())) {
                drop.add(name.asText());
              }
            });
    if (!drop.isEmpty()) {
      capabilities.set("drop", drop);
    }
    return capabilities;
  }

  static ObjectNode validator(Settings settings) {
    Settings.Proxy proxy = settings.proxy();
    Settings.Validator validator = settings.networkValidator();
    ObjectNode container = JsonNodeFactory.instance.objectNode();
    container
        .put("name", Names.VALIDATOR_CONTAINER)
        .put("image", proxy.image().reference())
        .put("imagePullPolicy", proxy.image().pullPolicy());
    container.putArray("command").add("/usr/lib/linkerd/linkerd2-network-validator");
    ArrayNode args = container.putArray("args");
    option(args, "--log-format", validator.logFormat());
    option(args, "--log-level", validator.logLevel());
    option(args, "--connect-addr", validator.connectAddr());
    option(args, "--listen-addr", validator.listenAddr());
    option(args, "--timeout", validator.timeout());
    container.set("resources", Containers.resources(proxy.resources()));
    container.set("securityContext", validatorContext(validator));
    container.put("terminationMessagePolicy", "FallbackToLogsOnError");
    return container;
  }

  private static ObjectNode validatorContext(Settings.Validator validator) {
    if (!validator.securityContext().isEmpty()) {
      return validator.securityContext();
    }
    ObjectNode context = JsonNodeFactory.instance.objectNode();
    context.put("allowPrivilegeEscalation", false);
    context.putObject("capabilities").putArray("drop").add("ALL");
    context
        .put("readOnlyRootFilesystem", true)
        .put("runAsNonRoot", true)
        .put("runAsUser", 65534)
        .put("runAsGroup", 65534);
    Containers.seccomp(context);
    return context;
  }

  static ObjectNode debug(Settings settings) {
    ObjectNode container = JsonNodeFactory.instance.objectNode();
    container
        .put("name", Names.DEBUG_CONTAINER)
        .put("image", settings.debugImage().reference())
        .put("imagePullPolicy", settings.debugImage().pullPolicy());
    for (String probe : List.of("livenessProbe", "readinessProbe")) {
      container.putObject(probe).putObject("exec").putArray("command").add("true");
    }
    container.put("terminationMessagePolicy", "FallbackToLogsOnError");
    return container;
  }
}
