package dev.weft.injector;

import dev.weft.kit.process.ServiceProcess;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract, held by the packaged program, JVM or native. */
class InjectorWebhookIT extends InjectorContract {
  @TempDir static Path temp;
  private static ServiceProcess service;

  @BeforeAll
  static void start() throws Exception {
    List<String> settings = new ArrayList<>(List.of("weft.webhook.drain=0S"));
    new ManifestsProfile()
        .getConfigOverrides()
        .forEach((key, value) -> settings.add(key + "=" + value));
    service = ServiceProcess.start(temp.resolve("log"), "weft.webhook", Map.of(), settings);
    service.awaitReady();
  }

  @AfterAll
  static void stop() throws Exception {
    if (service != null) {
      service.close();
    }
  }

  @Override
  int port() {
    return service.port();
  }

  @Override
  URI admin() {
    return service.admin();
  }
}
