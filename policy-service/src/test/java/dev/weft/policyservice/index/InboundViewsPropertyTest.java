package dev.weft.policyservice.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.inbound.Server;
import dev.weft.kit.watch.Published;
import dev.weft.mesh.Cidr;
import dev.weft.mesh.DefaultInboundPolicy;
import dev.weft.mesh.IdentityNames;
import dev.weft.mesh.IdentityPattern;
import dev.weft.mesh.LabelSelector;
import dev.weft.mesh.MeshKeys;
import dev.weft.mesh.Network;
import dev.weft.mesh.PortRef;
import dev.weft.mesh.resource.AuthorizationPolicy;
import dev.weft.mesh.resource.MeshTlsAuthentication;
import dev.weft.mesh.resource.NetworkAuthentication;
import dev.weft.mesh.resource.ObjectMeta;
import dev.weft.mesh.resource.ObjectRef;
import dev.weft.mesh.resource.Pod;
import dev.weft.mesh.resource.Resource;
import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.policy.inbound.compile.InboundSettings;
import dev.weft.policy.inbound.compile.NamespacePolicies;
import dev.weft.policy.inbound.compile.Workload;
import dev.weft.policy.objects.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The index that computes only what a change can reach, against one that computes everything. */
class InboundViewsPropertyTest {
  private static final List<String> NAMESPACES = List.of("a", "b");
  private static final int PORT = 8080;
  private static final InboundSettings SETTINGS =
      new InboundSettings(
          IdentityNames.defaults(),
          DefaultInboundPolicy.ALL_UNAUTHENTICATED,
          List.of(Network.of(Cidr.parse("10.0.0.0/8"))),
          List.of(),
          InboundSettings.Acceptance.SPEC);

  /** An object that comes or, where {@code gone}, goes. */
  record Change(Resource object, boolean gone) {}

  @Property(tries = 1000)
  void published_afterAnyChanges_equalsAFullComputation(
      @ForAll("changes") List<List<Change>> bursts) {
    var store = new ObjectStore();
    var views = new InboundViews(SETTINGS, store, Duration.ofSeconds(1), _ -> {});
    Map<WorkloadRef, Workload> workloads = new HashMap<>();
    Map<WorkloadRef, Published<Answer<InboundPolicy, Server>>> watched = new HashMap<>();
    for (List<Change> burst : bursts) {
      Map<WorkloadRef, Long> before = new HashMap<>();
      Map<WorkloadRef, Answer<InboundPolicy, Server>> values = new HashMap<>();
      watched.forEach(
          (ref, published) -> {
            before.put(ref, published.generation());
            values.put(ref, published.current().orElseThrow().value());
          });
      burst.forEach(change -> apply(change, store, views, workloads));
      views.flush();
      watched.forEach(
          (ref, published) -> {
            Answer<InboundPolicy, Server> expected = expected(workloads.get(ref), store);
            assertThat(published.current().orElseThrow().value()).isEqualTo(expected);
            assertThat(published.generation() - before.get(ref))
                .as("updates of one burst")
                .isEqualTo(values.get(ref).equals(expected) ? 0 : 1);
          });
      for (WorkloadRef ref : workloads.keySet()) {
        watched.computeIfAbsent(ref, r -> views.watch(r, PORT).orElseThrow());
      }
    }
  }

  private static Answer<InboundPolicy, Server> expected(Workload workload, ObjectStore store) {
    return workload == null
        ? new Answer.Gone<>()
        : new Answer.Live<>(
            NamespacePolicies.compile(SETTINGS, workload.namespace(), store).of(workload, PORT),
            _ -> Server.getDefaultInstance());
  }

  private static void apply(
      Change change, ObjectStore store, InboundViews views, Map<WorkloadRef, Workload> workloads) {
    if (change.object() instanceof Pod pod) {
      var ref = WorkloadRef.of(pod.key());
      Optional<Workload> workload = change.gone() ? Optional.empty() : Workload.of(pod);
      workload.ifPresentOrElse(w -> workloads.put(ref, w), () -> workloads.remove(ref));
      views.workload(ref, workload);
    } else if (change.gone() ? store.delete(change.object().key()) : store.apply(change.object())) {
      views.changed(change.object().key());
    }
  }

  @Provide
  Arbitrary<List<List<Change>>> changes() {
    Arbitrary<String> namespace = Arbitraries.of(NAMESPACES);
    Arbitrary<Resource> pods =
        Combinators.combine(namespace, Arbitraries.of("p1", "p2"), Arbitraries.of("x", "y"))
            .as(
                (ns, name, app) ->
                    new Pod(
                        ObjectMeta.of(ns, name)
                            .withLabels(Map.of("app", app, MeshKeys.CONTROL_PLANE_NS, "linkerd")),
                        new Pod.Spec("", "default", false, List.of(), List.of()),
                        new Pod.Status("Running", List.of(), List.of(), true)));
    Arbitrary<Resource> servers =
        Combinators.combine(namespace, Arbitraries.of("s1", "s2"), Arbitraries.of("x", "y"))
            .as(
                (ns, name, app) ->
                    new dev.weft.mesh.resource.Server(
                        ObjectMeta.of(ns, name),
                        new dev.weft.mesh.resource.Server.Selector.Pods(
                            LabelSelector.of(Map.of("app", app))),
                        PortRef.of(PORT),
                        dev.weft.mesh.resource.Server.ProxyProtocol.HTTP_1,
                        DefaultInboundPolicy.DENY));
    Arbitrary<ObjectRef> required =
        Combinators.combine(
                Arbitraries.of("MeshTLSAuthentication", "NetworkAuthentication"),
                Arbitraries.of("", "a", "b"))
            .as((kind, ns) -> new ObjectRef("policy.linkerd.io", kind, ns, "n"));
    Arbitrary<Resource> policies =
        Combinators.combine(namespace, Arbitraries.of("s1", "s2"), required.list().ofMaxSize(2))
            .as(
                (ns, server, refs) ->
                    new AuthorizationPolicy(
                        ObjectMeta.of(ns, "z"),
                        new ObjectRef("policy.linkerd.io", "Server", "", server),
                        refs));
    Arbitrary<Resource> identities =
        Combinators.combine(namespace, Arbitraries.of("*", "x"))
            .as(
                (ns, pattern) ->
                    new MeshTlsAuthentication(
                        ObjectMeta.of(ns, "n"),
                        List.of(IdentityPattern.parse(pattern)),
                        List.of()));
    Arbitrary<Resource> networks =
        Combinators.combine(namespace, Arbitraries.of("10.0.0.0/8", "10.1.0.0/16"))
            .as(
                (ns, cidr) ->
                    new NetworkAuthentication(
                        ObjectMeta.of(ns, "n"), List.of(Network.of(Cidr.parse(cidr)))));
    Arbitrary<Change> change =
        Combinators.combine(
                Arbitraries.oneOf(pods, pods, servers, servers, policies, identities, networks),
                Arbitraries.of(false, false, true))
            .as(Change::new);
    Arbitrary<List<Change>> start =
        pods.map(pod -> new Change(pod, false)).list().ofMinSize(1).ofMaxSize(4);
    return Combinators.combine(
            start, change.list().ofMinSize(1).ofMaxSize(3).list().ofMinSize(1).ofMaxSize(12))
        .as(
            (first, rest) ->
                new ArrayList<>(Stream.concat(Stream.of(first), rest.stream()).toList()));
  }
}
