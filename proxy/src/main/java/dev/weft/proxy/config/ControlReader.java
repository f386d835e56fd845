package dev.weft.proxy.config;

import dev.weft.mesh.Authority;
import dev.weft.mesh.Cidr;
import dev.weft.proxy.config.ControlConfig.StreamLimits;
import dev.weft.proxy.tls.PeerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads where the control plane is and what may be asked of it. */
final class ControlReader {
  private static final String DEFAULT_SUFFIXES = "svc.cluster.local.";
  private static final Duration PROFILE_TIMEOUT = Duration.ofMillis(500);

  private final Environment env;

  ControlReader(Environment env) {
    this.env = env;
  }

  /** The configuration, null if a required variable is missing or wrong. */
  @Nullable ControlConfig read() {
    ServiceAddress destination = requireService("DESTINATION");
    ServiceAddress policy = requireService("POLICY");
    String workload = env.require("POLICY_WORKLOAD", text -> text);
    DnsSuffixes suffixes =
        env.get(
            "DESTINATION_PROFILE_SUFFIXES",
            Grammars::suffixes,
            Grammars.suffixes(DEFAULT_SUFFIXES));
    List<Cidr> networks = env.get("DESTINATION_PROFILE_NETWORKS", Grammars::networks, List.of());
    Duration profileTimeout =
        env.get("DESTINATION_PROFILE_INITIAL_TIMEOUT", Grammars::duration, PROFILE_TIMEOUT);
    StreamLimits streams = streams();
    Duration minTtl = env.find("DNS_MIN_TTL", Grammars::duration);
    Duration maxTtl = env.find("DNS_MAX_TTL", Grammars::duration);
    if (minTtl != null && maxTtl != null && minTtl.compareTo(maxTtl) > 0) {
      env.problem(
          "LINKERD2_PROXY_DNS_MIN_TTL refused; cause: it is above LINKERD2_PROXY_DNS_MAX_TTL");
    }
    String context = env.get("DESTINATION_CONTEXT", text -> text, "");
    if (destination == null || policy == null || workload == null) {
      return null;
    }
    return new ControlConfig(
        destination,
        policy,
        workload,
        context,
        suffixes,
        networks,
        profileTimeout,
        streams,
        minTtl,
        maxTtl);
  }

  private StreamLimits streams() {
    Duration initial = env.find("CONTROL_STREAM_INITIAL_TIMEOUT", Grammars::durationOrNothing);
    Duration idle = env.find("CONTROL_STREAM_IDLE_TIMEOUT", Grammars::durationOrNothing);
    Duration lifetime = env.find("CONTROL_STREAM_LIFETIME", Grammars::durationOrNothing);
    if (above(initial, idle) || above(idle, lifetime) || above(initial, lifetime)) {
      env.problem(
          "LINKERD2_PROXY_CONTROL_STREAM_* refused; cause: INITIAL_TIMEOUT <= IDLE_TIMEOUT <="
              + " LIFETIME does not hold; fix: raise the later ones");
    }
    return new StreamLimits(initial, idle, lifetime);
  }

  private static boolean above(@Nullable Duration lower, @Nullable Duration upper) {
    return lower != null && upper != null && lower.compareTo(upper) > 0;
  }

  /** The address of a service that must be known; null, with a problem noted, if it is not. */
  @Nullable ServiceAddress requireService(String name) {
    Authority authority = env.require(name + "_SVC_ADDR", Grammars::authority);
    return service(name, authority);
  }

  private @Nullable ServiceAddress service(String name, @Nullable Authority authority) {
    PeerId identity = env.find(name + "_SVC_NAME", Grammars::dnsName);
    if (authority == null) {
      return null;
    }
    ServiceAddress service = new ServiceAddress(authority, identity);
    if (!service.loopback() && !env.has(name + "_SVC_NAME")) {
      env.problem(
          Environment.PREFIX
              + name
              + "_SVC_NAME is not set; cause: "
              + authority
              + " is not loopback, so its identity must be known; fix: name it");
    }
    return service;
  }

  /** Where spans go, null for nowhere. */
  @Nullable TraceConfig trace() {
    Authority authority = env.find("TRACE_COLLECTOR_SVC_ADDR", Grammars::authority);
    ServiceAddress collector = service("TRACE_COLLECTOR", authority);
    if (collector == null) {
      return null;
    }
    Map<String, String> attributes = new HashMap<>();
    String host = env.raw("HOSTNAME");
    if (host != null) {
      attributes.put("host.name", host);
    }
    String serviceName = env.raw(Environment.PREFIX + "TRACE_SERVICE_NAME");
    if (serviceName != null) {
      attributes.put("service.name", serviceName);
    }
    attributes.putAll(podLabels());
    attributes.putAll(pairs(env.raw(Environment.PREFIX + "TRACE_EXTRA_ATTRIBUTES")));
    attributes.putAll(pairs(env.raw("OTEL_RESOURCE_ATTRIBUTES")));
    return new TraceConfig(collector, attributes);
  }

  /** What the cluster wrote into a file; nothing, with a warning, if that cannot be read. */
  private Map<String, String> podLabels() {
    String path = env.raw(Environment.PREFIX + "TRACE_ATTRIBUTES_PATH");
    if (path == null || path.isEmpty()) {
      return Map.of();
    }
    try {
      return pairs(Files.readString(Path.of(path)));
    } catch (IOException | InvalidPathException e) {
      env.warning(
          Environment.PREFIX + "TRACE_ATTRIBUTES_PATH=" + path + " is not read; cause: " + e);
      return Map.of();
    }
  }

  /** Lines of {@code key=value}, the value in quotes or not; others are left out. */
  private static Map<String, String> pairs(@Nullable String lines) {
    Map<String, String> found = new HashMap<>();
    if (lines != null) {
      for (String line : lines.split("\n", -1)) {
        int equals = line.indexOf('=');
        if (equals > 0) {
          found.put(
              line.substring(0, equals).strip(), unquoted(line.substring(equals + 1).strip()));
        }
      }
    }
    return found;
  }

  private static String unquoted(String value) {
    return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1)
        : value;
  }
}
