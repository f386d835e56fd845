package dev.weft.identity;

import dev.weft.identity.standalone.StandaloneDirectory;
import dev.weft.kit.process.ServiceProcess;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract, held by the packaged program, JVM or native. */
class IdentityContractIT extends IdentityContract {
  @TempDir static Path temp;
  private static StandaloneDirectory state;
  private static ServiceProcess service;

  @BeforeAll
  static void start() throws Exception {
    state = new StandaloneDirectory(temp.resolve("mesh"));
    service =
        ServiceProcess.start(
            temp.resolve("log"), "weft.identity.standalone-directory=" + state.directory());
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

  @Override
  StandaloneDirectory directory() {
    return state;
  }
}
