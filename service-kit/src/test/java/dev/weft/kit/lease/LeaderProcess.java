package dev.weft.kit.lease;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A process that seeks the lead until it is killed. */
final class LeaderProcess {
  private static final long LIFE_MILLIS = 60_000;

  private LeaderProcess() {}

  static Process start(Leadership.LeaseName lease, String holder, LeaseTiming timing)
      throws IOException {
    return new ProcessBuilder(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                LeaderProcess.class.getName(),
                lease.namespace(),
                lease.name(),
                holder,
                String.valueOf(timing.lease().toSeconds()),
                String.valueOf(timing.renewWithin().toSeconds()),
                String.valueOf(timing.retry().toSeconds())))
        .inheritIO()
        .start();
  }

  public static void main(String[] args) throws InterruptedException {
    LeaseTiming timing = new LeaseTiming(seconds(args[3]), seconds(args[4]), seconds(args[5]));
    try (KubernetesClient client = new KubernetesClientBuilder().build()) {
      var _ = Leadership.seek(client, new Leadership.LeaseName(args[0], args[1]), args[2], timing);
      // Killed long before, unless the test died.
      Thread.sleep(LIFE_MILLIS);
    }
  }

  private static Duration seconds(String text) {
    return Duration.ofSeconds(Long.parseLong(text));
  }
}
