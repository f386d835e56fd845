package dev.weft.policyservice;

import dev.weft.kit.process.ServiceProcess;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract, held by the packaged program, JVM or native. */
class PolicyServiceIT extends PolicyContract {
  @TempDir static Path temp;
  private static ServiceProcess service;

  @BeforeAll
  static void start() throws Exception {
    service =
        ServiceProcess.start(
            temp.resolve("log"),
            new ManifestsProfile()
                .getConfigOverrides().entrySet().stream()
                    .map(setting -> setting.getKey() + "=" + setting.getValue())
                    .toArray(String[]::new));
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
