package dev.weft.e2e.walk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/**
 * A cluster in a container, for machines with Docker where no other is named. Gone with the JVM.
 */
final class K3s {
  private static final DockerImageName IMAGE = DockerImageName.parse("rancher/k3s:v1.34.1-k3s1");

  private final K3sContainer container;

  private K3s(K3sContainer container) {
    this.container = container;
  }

  /** Whether one can be started here. */
  static boolean isPossible() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  static K3s start() {
    K3sContainer container = new K3sContainer(IMAGE);
    container.start();
    return new K3s(container);
  }

  /** Writes a kubeconfig and returns where. */
  Path kubeconfig(Path directory) throws IOException {
    return Files.writeString(directory.resolve("k3s.kubeconfig"), container.getKubeConfigYaml());
  }

  /** Brings image archives to the one node. */
  void load(List<Path> archives) throws IOException, InterruptedException {
    for (Path archive : archives) {
      String inside = "/tmp/" + archive.getFileName();
      container.copyFileToContainer(MountableFile.forHostPath(archive), inside);
      Container.ExecResult result = container.execInContainer("ctr", "images", "import", inside);
      if (result.getExitCode() != 0) {
        throw new AssertionError("image not loaded: %s: %s".formatted(archive, result.getStderr()));
      }
    }
  }
}
