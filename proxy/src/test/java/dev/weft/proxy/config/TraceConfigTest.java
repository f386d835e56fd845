package dev.weft.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where spans go and what they say of their process. */
final class TraceConfigTest {
  private static final String P = "LINKERD2_PROXY_";

  @TempDir Path directory;

  private static ProxyConfig.Reading read(String... namesAndValues) throws InvalidConfigException {
    Map<String, String> env = TestEnvironment.minimal();
    env.put(P + "TRACE_COLLECTOR_SVC_ADDR", "collector.tracing:4317");
    env.put(P + "TRACE_COLLECTOR_SVC_NAME", "collector.test");
    for (int i = 0; i < namesAndValues.length; i += 2) {
      env.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return ProxyConfig.read(env, 1);
  }

  private static Map<String, String> attributes(ProxyConfig.Reading reading) {
    TraceConfig trace = reading.config().trace();
    if (trace == null) {
      throw new AssertionError("a collector is configured");
    }
    return trace.attributes();
  }

  @Test
  void attributes_ofSeveralSources_theLaterWins() throws Exception {
    Path labels = directory.resolve("labels");
    Files.writeString(labels, "app=\"web\"\nservice.name=\"label\"\nrole=\"label\"\n");
    assertThat(
            attributes(
                read(
                    "HOSTNAME",
                    "pod-1",
                    P + "TRACE_SERVICE_NAME",
                    "variable",
                    P + "TRACE_ATTRIBUTES_PATH",
                    labels.toString(),
                    P + "TRACE_EXTRA_ATTRIBUTES",
                    "role=extra\nzone=extra\nno pair\n",
                    "OTEL_RESOURCE_ATTRIBUTES",
                    "zone=\"otel\"")))
        .isEqualTo(
            Map.of(
                "host.name", "pod-1",
                "app", "web",
                "service.name", "label",
                "role", "extra",
                "zone", "otel"));
  }

  @Test
  void labels_thatCannotBeRead_areLeftOutWithWarning() throws Exception {
    ProxyConfig.Reading reading =
        read(P + "TRACE_ATTRIBUTES_PATH", directory.resolve("missing").toString());
    assertThat(attributes(reading)).isEmpty();
    assertThat(reading.warnings())
        .anySatisfy(warning -> assertThat(warning).contains("TRACE_ATTRIBUTES_PATH"));
  }
}
