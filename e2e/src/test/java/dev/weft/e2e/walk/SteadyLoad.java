package dev.weft.e2e.walk;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests to the front of the demo from a pod outside the mesh, for as long as it runs. Its pod
 * lives in a namespace of its own.
 */
final class SteadyLoad implements AutoCloseable {
  private static final String NAMESPACE = "weft-walk-load";
  private static final Pattern REPORT = Pattern.compile("sent=(\\d+) failed=(\\d+)");
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: load, namespace: %1$s}
      spec:
        terminationGracePeriodSeconds: 1
        containers:
        - name: load
          image: weft.dev/cli:0.1.0
          args: [demo-load, "http://web.shop/"]
          resources: {requests: {cpu: 100m}}
      """
          .formatted(NAMESPACE);

  private final Cluster cluster;

  private SteadyLoad(Cluster cluster) {
    this.cluster = cluster;
  }

  /** How many requests were sent and how many of them failed. */
  record Count(long sent, long failed) {
    Count since(Count earlier) {
      return new Count(sent - earlier.sent, failed - earlier.failed);
    }
  }

  static SteadyLoad start(Cluster cluster) throws Exception {
    cluster.run("kubectl create namespace " + NAMESPACE);
    cluster.run("kubectl apply -f - <<'END'\n" + POD + "END");
    SteadyLoad load = new SteadyLoad(cluster);
    cluster.await(load.lastReport(), report -> read(report).isPresent());
    return load;
  }

  private String lastReport() {
    return "kubectl -n " + NAMESPACE + " logs load --tail=200 | grep sent= | tail -1 || true";
  }

  Count count() throws Exception {
    String report = cluster.run(lastReport());
    return read(report)
        .orElseThrow(() -> new AssertionError("the load reports nothing: " + report));
  }

  /** Waits until this many more requests were sent than at an earlier count. */
  Count countAfter(Count earlier, long more) {
    String report =
        cluster.await(
            lastReport(),
            printed -> read(printed).filter(now -> now.since(earlier).sent() >= more).isPresent());
    return read(report).orElseThrow();
  }

  private static Optional<Count> read(String report) {
    Matcher matcher = REPORT.matcher(report);
    return matcher.find()
        ? Optional.of(new Count(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  /** The newest failures, for messages. */
  String failures() throws Exception {
    return cluster
        .attempt("kubectl -n " + NAMESPACE + " logs load | grep -v sent= | tail -5")
        .output();
  }

  @Override
  public void close() throws Exception {
    cluster.run("kubectl delete namespace --ignore-not-found " + NAMESPACE);
  }
}
