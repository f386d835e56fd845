package dev.weft.cli.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.destination.AddrSet;
import dev.weft.api.destination.DestinationGrpc;
import dev.weft.api.destination.DestinationProfile;
import dev.weft.api.destination.GetDestination;
import dev.weft.api.destination.NoEndpoints;
import dev.weft.api.destination.Update;
import dev.weft.api.destination.WeightedAddr;
import dev.weft.api.destination.WeightedAddrSet;
import dev.weft.api.net.IPAddress;
import dev.weft.api.net.TcpAddress;
import dev.weft.cli.Weft;
import dev.weft.cli.kube.FakeApiServer;
import dev.weft.cli.kube.FakeCluster;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code endpoints} and {@code profile} against a destination service that says what it is told.
 */
final class EndpointsCommandTest {
  @TempDir private Path directory;

  private Server service;
  private FakeApiServer cluster;
  private Path kubeconfig;

  @BeforeEach
  void start() throws IOException {
    service =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new Told())
            .build()
            .start();
    cluster = new FakeApiServer(new FakeCluster());
    kubeconfig = cluster.kubeconfig(directory);
  }

  @AfterEach
  void stop() {
    service.shutdownNow();
    cluster.close();
  }

  private Weft weft(String... words) {
    String[] all = new String[words.length + 3];
    all[0] = "diagnostics";
    System.arraycopy(words, 0, all, 1, words.length);
    all[words.length + 1] = "--api-addr=127.0.0.1:" + service.getPort();
    all[words.length + 2] = "--kubeconfig=" + kubeconfig;
    return Weft.run(all);
  }

  private static TcpAddress address(int last) {
    return TcpAddress.newBuilder()
        .setIp(IPAddress.newBuilder().setIpv4((10 << 24) | last))
        .setPort(8080)
        .build();
  }

  private static final class Told extends DestinationGrpc.DestinationImplBase {
    @Override
    public void get(GetDestination request, StreamObserver<Update> out) {
      switch (request.getPath()) {
        case "web.app.svc.cluster.local:80" -> {
          WeightedAddrSet.Builder set =
              WeightedAddrSet.newBuilder()
                  .putMetricLabels("namespace", "app")
                  .putMetricLabels("service", "web");
          for (int i = 1; i <= 3; i++) {
            set.addAddrs(
                WeightedAddr.newBuilder()
                    .setAddr(address(i))
                    .setWeight(10_000)
                    .putMetricLabels("pod", "web-" + i));
          }
          out.onNext(Update.newBuilder().setAdd(set).build());
          out.onNext(
              Update.newBuilder().setRemove(AddrSet.newBuilder().addAddrs(address(2))).build());
        }
        case "empty.app.svc.cluster.local:80" ->
            out.onNext(
                Update.newBuilder().setNoEndpoints(NoEndpoints.getDefaultInstance()).build());
        default ->
            out.onError(
                Status.INVALID_ARGUMENT
                    .withDescription("no service: " + request.getPath())
                    .asRuntimeException());
      }
    }

    @Override
    public void getProfile(GetDestination request, StreamObserver<DestinationProfile> out) {
      out.onNext(
          DestinationProfile.newBuilder()
              .setFullyQualifiedName(request.getPath() + " " + request.getContextToken())
              .build());
    }
  }

  @Test
  void endpoints_table_hasWhatIsLeftAfterAllUpdates() {
    Weft weft = weft("endpoints", "web.app.svc.cluster.local:80");

    assertThat(weft.code()).as(weft.err()).isZero();
    assertThat(weft.out())
        .isEqualTo(
            """
            NAMESPACE   IP         PORT   POD     SERVICE
            app         10.0.0.1   8080   web-1   web.app
            app         10.0.0.3   8080   web-3   web.app
            """);
  }

  @Test
  void endpoints_json_hasTheContractsFields() {
    Weft weft = weft("endpoints", "web.app.svc.cluster.local:80", "-o", "json");

    assertThat(weft.out())
        .startsWith(
            """
            [
              {
                "namespace": "app",
                "ip": "10.0.0.1",
                "port": 8080,
                "pod": "web-1",
                "service": "web.app",
                "weight": 10000,
                "labels": {
                  "namespace": "app",
                  "pod": "web-1",
                  "service": "web"
                }
              },
            """);
  }

  @Test
  void endpoints_none_isANoteAndNoFailure() {
    Weft weft = weft("endpoints", "empty.app.svc.cluster.local:80");

    assertThat(weft.code()).isZero();
    assertThat(weft.out()).isEmpty();
    assertThat(weft.err()).contains("No endpoints found");
  }

  @Test
  void endpoints_refused_isAFailureWithTheReason() {
    Weft weft = weft("endpoints", "nonsense");

    assertThat(weft.code()).isEqualTo(1);
    assertThat(weft.err()).contains("INVALID_ARGUMENT: no service: nonsense");
  }

  @Test
  void profile_isTheFirstAnswerAsJson() {
    Weft weft = weft("profile", "10.0.0.1:80", "--token", "{\"ns\":\"app\"}");

    assertThat(weft.out())
        .contains("\"fullyQualifiedName\": \"10.0.0.1:80 {\\\"ns\\\":\\\"app\\\"}\"");
  }

  @Test
  void endpoints_withoutControlPlane_saysWhatToDo() {
    Weft weft = Weft.run("diagnostics", "endpoints", "web:80", "--kubeconfig=" + kubeconfig);

    assertThat(weft.code()).isEqualTo(1);
    assertThat(weft.err()).contains("no pod of 'destination' is ready").contains("weft check");
  }
}
