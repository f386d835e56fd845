package dev.weft.policy.inbound.compile;

import static dev.weft.policy.inbound.compile.Shop.NS;
import static dev.weft.policy.inbound.compile.Shop.coreRef;
import static dev.weft.policy.inbound.compile.Shop.meshTls;
import static dev.weft.policy.inbound.compile.Shop.network;
import static dev.weft.policy.inbound.compile.Shop.pod;
import static dev.weft.policy.inbound.compile.Shop.policy;
import static dev.weft.policy.inbound.compile.Shop.ref;
import static dev.weft.policy.inbound.compile.Shop.server;
import static dev.weft.policy.inbound.compile.Shop.serverAuthorization;
import static dev.weft.policy.inbound.compile.Shop.settings;
import static dev.weft.policy.inbound.compile.Shop.workload;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.mesh.DefaultInboundPolicy;
import dev.weft.mesh.IpAddr;
import dev.weft.mesh.PortRef;
import dev.weft.mesh.resource.ObjectRef;
import dev.weft.mesh.resource.Resource;
import dev.weft.mesh.resource.Server;
import dev.weft.mesh.resource.ServerAuthorization;
import dev.weft.policy.inbound.Client;
import dev.weft.policy.inbound.Decision;
import dev.weft.policy.inbound.InboundEvaluator;
import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.policy.objects.ObjectStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What must hold of compiled policies whatever the objects. */
class NamespacePoliciesPropertyTest {

  @Property(tries = 3000)
  void deletion_ofAnythingButServers_neverAdmitsAnybody(
      @ForAll("objects") List<Resource> objects,
      @ForAll("modes") DefaultInboundPolicy mode,
      @ForAll("clients") Client client) {
    if (judge(objects, mode, client) instanceof Decision.Allowed) {
      return;
    }
    for (Resource gone : objects) {
      if (!(gone instanceof Server)) {
        List<Resource> rest = objects.stream().filter(o -> !o.key().equals(gone.key())).toList();
        assertThat(judge(rest, mode, client))
            .as("without %s", gone.key())
            .isInstanceOf(Decision.Denied.class);
      }
    }
  }

  @Property(tries = 1000)
  void denial_always_namesThePolicyAndAClauseForEachAuthorization(
      @ForAll("objects") List<Resource> objects,
      @ForAll("modes") DefaultInboundPolicy mode,
      @ForAll("clients") Client client) {
    InboundPolicy policy = compile(objects, mode);
    if (InboundEvaluator.of(policy).judgeConnection(client) instanceof Decision.Denied denied) {
      assertThat(denied.reason()).contains("denied by " + policy.server().display());
      assertThat(denied.refusals()).hasSize(policy.authorizations().size() + 1);
    }
  }

  @Property(tries = 1000)
  void objects_inAnyOrder_giveTheSamePolicy(
      @ForAll("objects") List<Resource> objects,
      @ForAll("modes") DefaultInboundPolicy mode,
      @ForAll Random random) {
    List<Resource> unique = new ArrayList<>();
    objects.forEach(
        o -> {
          if (unique.stream().noneMatch(u -> u.key().equals(o.key()))) {
            unique.add(o);
          }
        });
    List<Resource> shuffled = new ArrayList<>(unique);
    Collections.shuffle(shuffled, random);

    assertThat(compile(shuffled, mode)).isEqualTo(compile(unique, mode));
  }

  @Property(tries = 1000)
  void objects_ofOtherNamespaces_doNotMatterButForAuthentications(
      @ForAll("objects") List<Resource> objects, @ForAll("modes") DefaultInboundPolicy mode) {
    var elsewhere = NamespacePolicies.compile(settings(mode), "other", ObjectStore.of(objects));

    assertThat(elsewhere.of(workload(pod(Map.of())), 8080).server().kind()).isEqualTo("default");
  }

  private static Decision judge(List<Resource> objects, DefaultInboundPolicy mode, Client client) {
    return InboundEvaluator.of(compile(objects, mode)).judgeConnection(client);
  }

  private static InboundPolicy compile(List<Resource> objects, DefaultInboundPolicy mode) {
    return NamespacePolicies.compile(settings(mode), NS, ObjectStore.of(objects))
        .of(workload(pod(Map.of())), 8080);
  }

  @Provide
  Arbitrary<DefaultInboundPolicy> modes() {
    return Arbitraries.of(DefaultInboundPolicy.class);
  }

  @Provide
  Arbitrary<List<Resource>> objects() {
    Arbitrary<Resource> servers =
        Combinators.combine(
                Arbitraries.of("s1", "s2"),
                Arbitraries.of(Server.ProxyProtocol.OPAQUE, Server.ProxyProtocol.UNKNOWN),
                Arbitraries.of(
                    DefaultInboundPolicy.DENY, DefaultInboundPolicy.CLUSTER_AUTHENTICATED))
            .as((name, protocol, access) -> server(name, PortRef.of(8080), protocol, access));
    Arbitrary<ObjectRef> target =
        Arbitraries.of(
            ref("Server", "s1"),
            ref("Server", "s2"),
            coreRef("Namespace", "", NS),
            coreRef("Namespace", "", "other"),
            ref("HTTPRoute", "r"));
    Arbitrary<ObjectRef> required =
        Arbitraries.of(
            ref("MeshTLSAuthentication", "m1"),
            ref("MeshTLSAuthentication", "m2"),
            ref("NetworkAuthentication", "n1"),
            ref("NetworkAuthentication", "n2"),
            ref("JWTAuthentication", "j"),
            coreRef("ServiceAccount", "", "web"));
    Arbitrary<Resource> policies =
        Combinators.combine(Arbitraries.of("p1", "p2"), target, required.list().ofMaxSize(3))
            .as((name, to, by) -> policy(name, to, by.toArray(ObjectRef[]::new)));
    Arbitrary<Resource> meshTls =
        Combinators.combine(
                Arbitraries.of("m1", "m2"),
                Arbitraries.of("*", "*.shop.serviceaccount.identity.linkerd.cluster.local", "x"))
            .as((name, pattern) -> meshTls(name, pattern));
    Arbitrary<Resource> networks =
        Combinators.combine(Arbitraries.of("n1", "n2"), Arbitraries.of("10.0.0.0/8", "0.0.0.0/0"))
            .as((name, cidr) -> network(name, cidr));
    Arbitrary<Resource> older =
        Combinators.combine(
                Arbitraries.of("o1", "o2"),
                Arbitraries.of("s1", "s2"),
                Arbitraries.of(
                    new ServerAuthorization.Client.Unauthenticated(),
                    new ServerAuthorization.Client.UnauthenticatedTls()))
            .as((name, server, client) -> serverAuthorization(name, server, client));
    return Arbitraries.oneOf(servers, policies, meshTls, networks, older).list().ofMaxSize(8);
  }

  @Provide
  Arbitrary<Client> clients() {
    return Combinators.combine(
            Arbitraries.of("10.1.1.1", "192.168.1.1", "fd00::1").map(IpAddr::parse),
            Arbitraries.of(
                new Client.Tls.None(),
                new Client.Tls.Anonymous(),
                new Client.Tls.Identified(
                    "web.shop.serviceaccount.identity.linkerd.cluster.local", true),
                new Client.Tls.Identified("x", true)))
        .as(Client::new);
  }
}
