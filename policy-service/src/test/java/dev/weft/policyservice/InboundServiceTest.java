package dev.weft.policyservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.weft.api.inbound.Authz;
import dev.weft.api.inbound.HttpRoute;
import dev.weft.api.inbound.Identity;
import dev.weft.api.inbound.ProxyProtocol;
import dev.weft.api.inbound.Server;
import dev.weft.api.meta.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Inbound policy over real gRPC, of manifests that change. */
class InboundServiceTest {
  @TempDir Path directory;
  private Mesh mesh;

  @BeforeEach
  void start() throws Exception {
    mesh = new Mesh(directory);
    mesh.write("pod.yaml", Manifests.POD);
    untilKnown();
  }

  @AfterEach
  void stop() {
    mesh.close();
  }

  private void untilKnown() throws Exception {
    await()
        .atMost(Duration.ofSeconds(10))
        .ignoreExceptions()
        .until(() -> mesh.getPort(Mesh.WEB, 8080) != null);
  }

  @Test
  void portWithoutServer_hasTheDefaultPolicyWithProbeRoute() {
    Server policy = mesh.getPort("shop:web-1", 8080);

    assertThat(policy.getLabelsMap())
        .isEqualTo(Map.of("group", "", "kind", "default", "name", "all-unauthenticated"));
    assertThat(policy.getProtocol().getDetect().getTimeout().getSeconds()).isEqualTo(10);
    assertThat(policy.getProtocol().getDetect().getHttpRoutesList())
        .extracting(route -> route.getMetadata().getDefault())
        .containsExactly("default", "probe");
    HttpRoute probe = policy.getProtocol().getDetect().getHttpRoutes(1);
    assertThat(probe.getRules(0).getMatches(0).getPath().getExact()).isEqualTo("/live");
    assertThat(policy.getAuthorizationsList()).hasSize(1);
    Authz authorization = policy.getAuthorizations(0);
    assertThat(authorization.getMetadata())
        .isEqualTo(Metadata.newBuilder().setDefault("all-unauthenticated").build());
    assertThat(authorization.getNetworksList())
        .extracting(network -> network.getNet().getPrefixLen())
        .containsExactly(0, 0);
    assertThat(authorization.getAuthentication().hasUnauthenticated()).isTrue();
  }

  @Test
  void policy_edited_reachesTheWatcherOnceAndSoon() throws Exception {
    Received<Server> watch = mesh.watchPort(Mesh.WEB, 8080);
    assertThat(watch.next().getLabelsOrThrow("kind")).isEqualTo("default");

    mesh.write("server.yaml", Manifests.server("HTTP/1"));
    Server closed = watch.next();
    assertThat(closed.getLabelsMap())
        .isEqualTo(Map.of("group", "policy.linkerd.io", "kind", "server", "name", "web-http"));
    assertThat(closed.getProtocol().getKindCase()).isEqualTo(ProxyProtocol.KindCase.HTTP1);
    assertThat(closed.getAuthorizationsList()).isEmpty();

    mesh.write("authz.yaml", Manifests.authorization("web.shop"));
    assertThat(identity(watch.next())).isEqualTo("web.shop");

    long before = System.nanoTime();
    mesh.write("authz.yaml", Manifests.authorization("api.shop"));
    assertThat(identity(watch.next())).isEqualTo("api.shop");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));

    mesh.delete("server.yaml");
    assertThat(watch.next().getLabelsOrThrow("kind")).isEqualTo("default");
    assertThat(watch.isQuiet()).isTrue();
  }

  private static String identity(Server server) {
    Authz authorization = server.getAuthorizations(0);
    assertThat(authorization.getMetadata().getResource().getKind())
        .isEqualTo("authorizationpolicy");
    assertThat(authorization.getLabelsOrThrow("name")).isEqualTo("callers");
    Identity identity =
        authorization.getAuthentication().getMeshTLS().getIdentities().getIdentities(0);
    return identity.getName();
  }

  @Test
  void change_thatDoesNotMatter_sendsNothing() throws Exception {
    Received<Server> watch = mesh.watchPort(Mesh.WEB, 8080);
    watch.next();

    mesh.write(
        "other.yaml",
        Manifests.server("HTTP/1").replace("app: web", "app: other").replace("web-http", "other"));
    mesh.write("pod.yaml", Manifests.POD.replace("app: web,", "app: web, x: y,"));
    mesh.write("server.yaml", Manifests.server("opaque"));

    assertThat(watch.next().getProtocol().getKindCase()).isEqualTo(ProxyProtocol.KindCase.OPAQUE);
    assertThat(watch.isQuiet()).isTrue();
  }

  @Test
  void authentication_deleted_closesThePortAgain() throws Exception {
    mesh.write("server.yaml", Manifests.server("HTTP/1"));
    mesh.write("authz.yaml", Manifests.authorization("web.shop"));
    Received<Server> watch = mesh.watchPort(Mesh.WEB, 8080);
    Server server = watch.next();
    while (server.getAuthorizationsCount() == 0
        || server.getLabelsOrThrow("kind").equals("default")) {
      server = watch.next();
    }

    mesh.write("authz.yaml", Manifests.authorization("web.shop").replaceFirst("(?s)---.*", ""));
    assertThat(watch.next().getAuthorizationsList()).isEmpty();
  }

  @Test
  void workload_deleted_endsItsStreamsNormallyAndIsUnknownAfter() throws Exception {
    Received<Server> watch = mesh.watchPort(Mesh.WEB, 8080);
    watch.next();

    mesh.delete("pod.yaml");
    assertThat(watch.end().getCode()).isEqualTo(Status.Code.OK);
    assertThat(mesh.watchPort(Mesh.WEB, 8080).end().getCode()).isEqualTo(Status.Code.NOT_FOUND);
  }

  @Test
  void shutdown_endsStreamsNormally() throws Exception {
    Received<Server> watch = mesh.watchPort(Mesh.WEB, 8080);
    watch.next();

    mesh.endAllStreams();
    assertThat(watch.end().getCode()).isEqualTo(Status.Code.OK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "shop",
        "shop:",
        ":web-1",
        "{",
        "{}",
        "[]",
        "{\"ns\":\"shop\"}",
        "{\"ns\":\"shop\",\"pod\":1}",
        "{\"ns\":\"shop\",\"pod\":\"a\",\"external_workload\":\"b\"}"
      })
  void token_malformed_isInvalidArgument(String token) throws Exception {
    assertThat(code(token, 8080)).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(mesh.watchPort(token, 8080).end().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 65_536, -1})
  void port_outOfRange_isInvalidArgument(int port) {
    assertThat(code(Mesh.WEB, port)).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void token_withMoreKeys_isRead() {
    assertThat(mesh.getPort("{\"pod\":\"web-1\",\"x\":[1],\"ns\":\"shop\"}", 1).getLabelsMap())
        .containsEntry("kind", "default");
  }

  @Test
  void workload_unknown_isNotFound() {
    assertThat(code("shop:gone", 8080)).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(code("{\"ns\":\"shop\",\"external_workload\":\"web-1\"}", 8080))
        .isEqualTo(Status.Code.NOT_FOUND);
    assertThat(code("other:web-1", 8080)).isEqualTo(Status.Code.NOT_FOUND);
  }

  private Status.Code code(String token, int port) {
    return catchThrowableOfType(StatusRuntimeException.class, () -> mesh.getPort(token, port))
        .getStatus()
        .getCode();
  }
}
