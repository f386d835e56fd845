package dev.weft.proxy.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import dev.weft.api.destination.AddrSet;
import dev.weft.api.destination.DestinationProfile;
import dev.weft.api.destination.GetDestination;
import dev.weft.api.destination.NoEndpoints;
import dev.weft.api.destination.Update;
import dev.weft.api.destination.WeightedAddr;
import dev.weft.api.destination.WeightedAddrSet;
import dev.weft.api.inbound.PortSpec;
import dev.weft.api.inbound.ProxyProtocol;
import dev.weft.api.inbound.Server;
import dev.weft.api.net.IPAddress;
import dev.weft.api.net.TcpAddress;
import dev.weft.api.outbound.OutboundPolicy;
import dev.weft.api.outbound.TrafficSpec;
import dev.weft.mesh.IpAddr;
import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.policy.inbound.InboundProtocol;
import dev.weft.proxy.testing.ControlHarness;
import dev.weft.proxy.testing.MeshCa;
import dev.weft.proxy.testing.ScriptedControlPlane;
import dev.weft.proxy.testing.ScriptedControlPlane.Call;
import io.grpc.Status;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Watches over real gRPC and real mesh TLS. */
class ControlPlaneClientTest {
  private static final java.time.Duration TIMEOUT = java.time.Duration.ofSeconds(20);
  private static final String API = "api.shop.svc.cluster.local:8080";
  private static final Target API_TARGET = new Target.Name("api.shop.svc.cluster.local", 8080);

  private final MeshCa ca = new MeshCa();
  private final ScriptedControlPlane service = ScriptedControlPlane.start(ca);
  private final ControlHarness harness =
      new ControlHarness(
          ca,
          service,
          ScriptedControlPlane.NAME,
          "LINKERD2_PROXY_OUTBOUND_DISCOVERY_IDLE_TIMEOUT",
          "50ms",
          "LINKERD2_PROXY_INBOUND_DEFAULT_POLICY",
          "deny",
          "LINKERD2_PROXY_DESTINATION_CONTEXT",
          "{\"ns\":\"shop\"}");
  private final ControlPlaneClient client =
      new ControlPlaneClient(
          harness.config, harness.channels, harness.executor, harness.random, harness.metrics);
  private final ControlPlane plane = client.controlPlane();

  @AfterEach
  void end() {
    client.close();
    harness.close();
    service.close();
  }

  @Test
  void inbound_beforeTheFirstAnswer_isTheDefault() throws Exception {
    User<InboundPolicy> user = watch(plane.inboundPolicies(), 8080);

    assertThat(known(user.watch.state()).protocol()).isInstanceOf(InboundProtocol.Opaque.class);
    assertThat(known(user.next()).server().name()).isEqualTo("deny");
    Call<PortSpec, Server> call = service.ports.next();
    assertThat(call.request().getPort()).isEqualTo(8080);
    assertThat(call.request().getWorkload()).isEqualTo(harness.config.control().policyWorkload());
  }

  @Test
  void inbound_update_isDeliveredOnTheLoop() throws Exception {
    User<InboundPolicy> user = watch(plane.inboundPolicies(), 8080);
    user.next();
    service.ports.next().send(server("web"));

    assertThat(known(user.next()).server().name()).isEqualTo("web");
    assertThat(user.onLoop.get()).isTrue();
  }

  @Test
  void inbound_refusedForGood_keepsTheDefault() throws Exception {
    User<InboundPolicy> user = watch(plane.inboundPolicies(), 8080);
    user.next();
    service.ports.next().fail(Status.INVALID_ARGUMENT);
    await().atMost(TIMEOUT).until(() -> ended("inbound", Status.Code.INVALID_ARGUMENT) == 1);

    assertThat(known(user.watch.state()).server().name()).isEqualTo("deny");
    assertThat(service.ports.open()).isZero();
  }

  @Test
  void inbound_uselessAnswer_deniesAll() throws Exception {
    User<InboundPolicy> user = watch(plane.inboundPolicies(), 8080);
    user.next();
    service.ports.next().send(Server.getDefaultInstance());

    assertThat(known(user.next()).isInvalid()).isTrue();
  }

  @Test
  void outbound_notFound_endsAsAbsent() throws Exception {
    User<dev.weft.policy.outbound.OutboundPolicy> user =
        watch(plane.outboundPolicies(), API_TARGET);
    Call<TrafficSpec, OutboundPolicy> call = service.targets.next();
    assertThat(call.request().getAuthority()).isEqualTo(API);
    call.fail(Status.NOT_FOUND.withDescription("no such service"));

    assertThat(user.next())
        .isEqualTo(new WatchState.Ended<>(Status.Code.NOT_FOUND, "no such service"));
  }

  @Test
  void outbound_addressTarget_isAskedAsNumber() throws Exception {
    IpAddr ip = IpAddr.parse("10.1.2.3");
    watch(
        plane.outboundPolicies(),
        new Target.Address(new InetSocketAddress(ip.toInetAddress(), 80)));
    TcpAddress asked = service.targets.next().request().getAddr();

    assertThat(asked.getIp().getIpv4()).isEqualTo(0x0a010203);
    assertThat(asked.getPort()).isEqualTo(80);
  }

  @Test
  void profile_update_isDelivered() throws Exception {
    User<Profile> user = watch(plane.profiles(), API_TARGET);
    Call<GetDestination, DestinationProfile> call = service.profiles.next();
    assertThat(call.request().getPath()).isEqualTo(API);
    assertThat(call.request().getContextToken()).isEqualTo("{\"ns\":\"shop\"}");
    call.send(DestinationProfile.newBuilder().setOpaqueProtocol(true).build());

    assertThat(known(user.next()).opaque()).isTrue();
  }

  @Test
  void profile_outsideOfNetworks_isNotAskedFor() throws Exception {
    User<Profile> user =
        watch(
            plane.profiles(),
            new Target.Address(
                new InetSocketAddress(IpAddr.parse("10.1.2.3").toInetAddress(), 80)));

    assertThat(user.next()).isInstanceOf(WatchState.Ended.class);
    assertThat(service.profiles.open()).isZero();
  }

  @Test
  void endpoints_updates_foldIntoSets() throws Exception {
    User<EndpointSet> user = watch(plane.endpoints(), API);
    Call<GetDestination, Update> call = service.endpoints.next();
    call.send(add(1, 2));
    assertThat(known(user.next()).endpoints()).containsOnlyKeys(address(1), address(2));
    call.send(remove(1));
    assertThat(known(user.next()).endpoints()).containsOnlyKeys(address(2));
    call.send(add(3));
    assertThat(known(user.next()).endpoints()).containsOnlyKeys(address(2), address(3));
    call.send(Update.newBuilder().setNoEndpoints(NoEndpoints.newBuilder().setExists(true)).build());

    assertThat(known(user.next()).endpoints()).isEmpty();
  }

  @Test
  void endpoints_notFound_isNoSuchServiceUntilThereIsOne() throws Exception {
    User<EndpointSet> user = watch(plane.endpoints(), API);
    service.endpoints.next().fail(Status.NOT_FOUND.withDescription("no such service"));

    assertThat(user.next())
        .isEqualTo(new WatchState.Known<>(new EndpointSet(java.util.Map.of(), false)));
    service.endpoints.next().send(add(1, 2));
    assertThat(user.next()).isInstanceOf(WatchState.Known.class);
    assertThat(((WatchState.Known<EndpointSet>) user.watch.state()).value().exists()).isTrue();
  }

  @Test
  void endpoints_streamEnds_isReopenedAndReplacesTheSet() throws Exception {
    User<EndpointSet> user = watch(plane.endpoints(), API);
    Call<GetDestination, Update> first = service.endpoints.next();
    first.send(add(1, 2));
    user.next();
    first.end();
    Call<GetDestination, Update> second = service.endpoints.next();
    assertThat(known(user.watch.state()).endpoints()).hasSize(2);
    second.send(add(3));

    assertThat(known(user.next()).endpoints()).containsOnlyKeys(address(3));
  }

  @Test
  void endpoints_controlPlaneKilled_keepsValueAndResumes() throws Exception {
    User<EndpointSet> user = watch(plane.endpoints(), API);
    service.endpoints.next().send(add(1));
    user.next();
    service.kill();
    await().atMost(TIMEOUT).until(() -> ended("endpoints", Status.Code.CANCELLED) > 0);
    assertThat(known(user.watch.state()).endpoints()).containsOnlyKeys(address(1));
    service.start();
    service.endpoints.next().send(add(2));

    assertThat(known(user.next()).endpoints()).containsOnlyKeys(address(2));
  }

  @Test
  void watch_twoUsersOfOneKey_shareAStream() throws Exception {
    User<EndpointSet> one = watch(plane.endpoints(), API);
    User<EndpointSet> two = watch(plane.endpoints(), API);
    Call<GetDestination, Update> call = service.endpoints.next();
    call.send(add(1));
    one.next();
    two.next();
    User<EndpointSet> three = watch(plane.endpoints(), API);

    assertThat(known(three.next()).endpoints()).containsOnlyKeys(address(1));
    assertThat(service.endpoints.open()).isEqualTo(1);
  }

  @Test
  void watch_closedByAll_endsItsStreamAfterAWhile() throws Exception {
    User<EndpointSet> one = watch(plane.endpoints(), API);
    User<EndpointSet> two = watch(plane.endpoints(), API);
    service.endpoints.next();
    one.watch.close();
    one.watch.close();
    assertThat(service.endpoints.open()).isEqualTo(1);
    two.watch.close();

    await().atMost(TIMEOUT).until(() -> service.endpoints.open() == 0);
    watch(plane.endpoints(), API);
    service.endpoints.next();
  }

  @Test
  void watch_closed_hearsNothingMore() throws Exception {
    User<EndpointSet> user = watch(plane.endpoints(), API);
    User<EndpointSet> other = watch(plane.endpoints(), API);
    Call<GetDestination, Update> call = service.endpoints.next();
    call.send(add(1));
    user.next();
    other.next();
    harness.loops.workers().getFirst().submit(user.watch::close).sync();
    call.send(add(2));
    other.next();

    assertThat(user.states).isEmpty();
  }

  @Test
  void watch_notFound_isAskedAgain() throws Exception {
    watch(plane.endpoints(), API);
    service.endpoints.next().fail(Status.NOT_FOUND);

    assertThat(service.endpoints.next().request().getPath()).isEqualTo(API);
  }

  @Test
  void watch_controlPlaneHasAnotherIdentity_asksNothing() throws Exception {
    try (ScriptedControlPlane impostor = ScriptedControlPlane.start(ca, "api.shop.example");
        ControlHarness victim = new ControlHarness(ca, impostor, ScriptedControlPlane.NAME);
        ControlPlaneClient deceived =
            new ControlPlaneClient(
                victim.config, victim.channels, victim.executor, victim.random, victim.metrics)) {
      BlockingQueue<WatchState<EndpointSet>> states = new LinkedBlockingQueue<>();
      Watch<EndpointSet> watch =
          deceived
              .controlPlane()
              .endpoints()
              .watch(API, victim.loops.workers().getFirst(), states::add);
      // The impostor answers whoever trusts it, so silence is not for want of time.
      try (ControlHarness trusting = new ControlHarness(ca, impostor, "api.shop.example");
          ControlPlaneClient fool =
              new ControlPlaneClient(
                  trusting.config,
                  trusting.channels,
                  trusting.executor,
                  trusting.random,
                  trusting.metrics)) {
        fool.controlPlane()
            .endpoints()
            .watch("fool:80", trusting.loops.workers().getFirst(), _ -> {});
        assertThat(impostor.endpoints.next().request().getPath()).isEqualTo("fool:80");
      }

      assertThat(watch.state()).isEqualTo(new WatchState.Pending<>());
      await().atMost(TIMEOUT).until(() -> impostor.endpoints.open() == 0);
    }
  }

  private <K, T> User<T> watch(Watcher<K, T> watcher, K key) {
    return new User<>(watcher, key, harness.loops.workers().getFirst());
  }

  /** Somebody who watches. */
  private static final class User<T> {
    final BlockingQueue<WatchState<T>> states = new LinkedBlockingQueue<>();
    final AtomicBoolean onLoop = new AtomicBoolean();
    final Watch<T> watch;

    <K> User(Watcher<K, T> watcher, K key, EventLoop loop) {
      watch =
          watcher.watch(
              key,
              loop,
              state -> {
                onLoop.set(loop.inEventLoop());
                states.add(state);
              });
    }

    WatchState<T> next() throws InterruptedException {
      WatchState<T> state = states.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      assertThat(state).as("next state").isNotNull();
      return state;
    }
  }

  private static <T> T known(@Nullable WatchState<T> state) {
    if (state instanceof WatchState.Known<T>(T value)) {
      return value;
    }
    throw new AssertionError("not known: " + state);
  }

  private double ended(String kind, Status.Code code) {
    String prefix =
        "weft_control_streams_ended_total{kind=\"" + kind + "\",code=\"" + code + "\"} ";
    return harness
        .metrics
        .print()
        .lines()
        .filter(line -> line.startsWith(prefix))
        .mapToDouble(line -> Double.parseDouble(line.substring(prefix.length())))
        .sum();
  }

  private static Server server(String name) {
    return Server.newBuilder()
        .setProtocol(
            ProxyProtocol.newBuilder()
                .setDetect(
                    ProxyProtocol.Detect.newBuilder()
                        .setTimeout(Duration.newBuilder().setSeconds(10))))
        .putLabels("group", "policy.linkerd.io")
        .putLabels("kind", "server")
        .putLabels("name", name)
        .build();
  }

  private static Update add(int... hosts) {
    WeightedAddrSet.Builder set = WeightedAddrSet.newBuilder();
    for (int host : hosts) {
      set.addAddrs(WeightedAddr.newBuilder().setAddr(tcp(host)));
    }
    return Update.newBuilder().setAdd(set).build();
  }

  private static Update remove(int host) {
    return Update.newBuilder().setRemove(AddrSet.newBuilder().addAddrs(tcp(host))).build();
  }

  private static TcpAddress tcp(int host) {
    return TcpAddress.newBuilder()
        .setIp(IPAddress.newBuilder().setIpv4(0x0a000000 | host))
        .setPort(8080)
        .build();
  }

  private static InetSocketAddress address(int host) {
    return new InetSocketAddress(IpAddr.v4(0x0a000000 | host).toInetAddress(), 8080);
  }
}
