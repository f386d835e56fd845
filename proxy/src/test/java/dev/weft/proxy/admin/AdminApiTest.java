package dev.weft.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.config.LogConfig;
import dev.weft.proxy.log.ProcessLog;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Metrics;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminApiTest {
  private final AtomicBoolean ready = new AtomicBoolean();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final Metrics metrics = new Metrics(1);
  private final ProcessLog log = log("warn");
  private final AdminApi api =
      new AdminApi(
          ready::get, metrics, log, Map.of("A", "x\"y", "B", "z"), () -> stopped.set(true));

  @AfterEach
  void end() {
    log.close();
  }

  @Test
  void ready_followsTheCertificate() {
    assertThat(api.answer(get("/ready")).status()).isEqualTo(503);
    ready.set(true);

    assertThat(text(api.answer(get("/ready")))).isEqualTo("ready\n");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /live, true, 200",
    "POST, /live, true, 200",
    "GET, /nothing, true, 404",
    "GET, /shutdown, true, 405",
    "GET, /shutdown, false, 405",
    "POST, /shutdown, false, 403",
    "POST, /shutdown, true, 200",
    "GET, /proxy-log-level, true, 200",
    "GET, /proxy-log-level, false, 403",
    "POST, /proxy-log-level, true, 405",
    "POST, /env.json, true, 405",
    "GET, /env.json, false, 200",
    "GET, /env.json?A=1, true, 400",
  })
  void answer_ofMethodPathAndClient_hasStatus(
      String method, String target, boolean local, int status) {
    assertThat(api.answer(request(method, target, local, null, false, "")).status())
        .isEqualTo(status);
  }

  @Test
  void shutdown_notEnabled_isNotFound() {
    AdminApi without = new AdminApi(ready::get, metrics, log, Map.of(), null);

    assertThat(text(without.answer(request("POST", "/shutdown", true, null, false, ""))))
        .isEqualTo("shutdown endpoint is not enabled\n");
  }

  @Test
  void shutdown_ofClientOnThisMachine_stopsTheProcess() {
    api.answer(request("POST", "/shutdown", true, null, false, ""));

    assertThat(stopped).isTrue();
  }

  @Test
  void metrics_plain_arePrinted() {
    metrics.reading("a_metric", "help", Labels.NONE, () -> 7);

    assertThat(text(api.answer(get("/metrics")))).contains("a_metric 7\n");
  }

  @Test
  void metrics_clientTakesGzip_areCompressed() throws IOException {
    metrics.reading("a_metric", "help", Labels.NONE, () -> 7);
    AdminResponse response = api.answer(request("GET", "/metrics", true, null, true, ""));

    assertThat(response.gzip()).isTrue();
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains("a_metric 7\n");
    }
  }

  @Test
  void metrics_clientAsksForOpenMetrics_areInThatFormat() {
    AdminResponse response =
        api.answer(request("GET", "/metrics", true, "application/openmetrics-text", false, ""));

    assertThat(response.contentType()).startsWith("application/openmetrics-text");
    assertThat(text(response)).contains("# TYPE weft_metrics_overflow counter\n");
  }

  @Test
  void environment_secrets_areHidden() {
    AdminApi withSecrets =
        new AdminApi(
            ready::get,
            metrics,
            log,
            Map.of(
                "DB_PASSWORD", "hunter2",
                "LINKERD2_PROXY_IDENTITY_TOKEN_FILE", "/var/run/token",
                "COLLECTOR", "http://user:hunter2@host"),
            null);

    assertThat(text(withSecrets.answer(get("/env.json"))))
        .isEqualTo(
            "{\"COLLECTOR\":\"http://(hidden)@host\",\"DB_PASSWORD\":\"(hidden)\","
                + "\"LINKERD2_PROXY_IDENTITY_TOKEN_FILE\":\"/var/run/token\"}");
  }

  @Test
  void environment_all_isJson() {
    assertThat(text(api.answer(get("/env.json")))).isEqualTo("{\"A\":\"x\\\"y\",\"B\":\"z\"}");
  }

  @Test
  void environment_chosenNames_showWhatIsAbsent() {
    assertThat(text(api.answer(get("/env.json?B&C")))).isEqualTo("{\"B\":\"z\",\"C\":null}");
  }

  @Test
  void environment_clientTakesNoJson_isNotAcceptable() {
    assertThat(api.answer(request("GET", "/env.json", true, "text/html", false, "")).status())
        .isEqualTo(406);
  }

  @Test
  void logLevel_put_changesTheFilter() {
    assertThat(
            api.answer(request("PUT", "/proxy-log-level", true, null, false, "debug\n")).status())
        .isEqualTo(204);

    assertThat(text(api.answer(get("/proxy-log-level")))).isEqualTo("debug");
  }

  @Test
  void logLevel_badFilter_isRefusedAndOldStays() {
    AdminResponse response =
        api.answer(request("PUT", "/proxy-log-level", true, null, false, "weft=loud"));

    assertThat(response.status()).isEqualTo(400);
    assertThat(text(response)).contains("weft=loud");
    assertThat(text(api.answer(get("/proxy-log-level")))).isEqualTo("warn");
  }

  @Test
  void logLevel_loggingOff_isNotFound() {
    try (ProcessLog off = log("off")) {
      AdminApi silent = new AdminApi(ready::get, metrics, off, Map.of(), null);

      assertThat(silent.answer(get("/proxy-log-level")).status()).isEqualTo(404);
    }
  }

  private static ProcessLog log(String filter) {
    return ProcessLog.start(
        new LogConfig(filter, false, LogConfig.AccessLog.OFF),
        new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8));
  }

  private static AdminRequest get(String target) {
    return request("GET", target, true, null, false, "");
  }

  private static AdminRequest request(
      String method,
      String target,
      boolean local,
      @Nullable String accept,
      boolean gzip,
      String body) {
    int mark = target.indexOf('?');
    return new AdminRequest(
        method,
        mark < 0 ? target : target.substring(0, mark),
        mark < 0 ? null : target.substring(mark + 1),
        accept,
        gzip,
        local,
        body);
  }

  private static String text(AdminResponse response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }
}
