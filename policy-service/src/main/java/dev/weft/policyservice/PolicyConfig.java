package dev.weft.policyservice;

import dev.weft.mesh.Cidr;
import dev.weft.mesh.DefaultInboundPolicy;
import dev.weft.mesh.PortSet;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** What the policy service decides by; prefix {@code weft.policy}. */
@ConfigMapping(prefix = "weft.policy")
interface PolicyConfig {
  /**
   * The policy of ports without a Server, where the workload does not say otherwise: {@code
   * all-unauthenticated}, {@code all-authenticated}, {@code cluster-unauthenticated}, {@code
   * cluster-authenticated}, {@code audit} or {@code deny}. Default {@code all-unauthenticated}.
   */
  @WithDefault("all-unauthenticated")
  @WithConverter(Converters.DefaultPolicy.class)
  DefaultInboundPolicy defaultPolicy();

  /** The addresses of the cluster, at least one CIDR block. Default: the private ranges. */
  @WithDefault("10.0.0.0/8,100.64.0.0/10,172.16.0.0/12,192.168.0.0/16,fd00::/8")
  List<@WithConverter(Converters.Block.class) Cidr> clusterNetworks();

  /** Where probes of pods come from, CIDR blocks. Default: none, which opens nothing for them. */
  Optional<List<@WithConverter(Converters.Block.class) Cidr>> probeNetworks();

  /** The suffix of Service names, without dots at its ends. Default {@code cluster.local}. */
  @WithDefault("cluster.local")
  String clusterDomain();

  /** The trust domain, the suffix of identities. Default {@code cluster.local}. */
  @WithDefault("cluster.local")
  String identityDomain();

  /** The namespace of the control plane, a part of identities. Default {@code linkerd}. */
  @WithDefault("linkerd")
  String controlPlaneNamespace();

  /**
   * Ports of Services whose bytes are not looked into, where the Service does not say: ports and
   * ranges. Default: those of well-known protocols in which the server speaks first.
   */
  @WithDefault("25,587,3306,4444,5432,6379,9300,11211")
  @WithConverter(Converters.Ports.class)
  PortSet defaultOpaquePorts();

  /**
   * Whether a target given by name must be an existing Service; else any name of that form has a
   * policy, as the contract has it. Default true: a name nobody knows is then not held for ours.
   */
  @WithDefault("true")
  boolean namedServiceMustExist();

  /**
   * What makes a route or rate limit count: {@code status} for its accepted status, {@code spec}
   * for its specification alone, {@code auto} for {@code spec} where objects come from directories
   * and nobody writes status, else {@code status}. Default {@code auto}.
   */
  @WithDefault("auto")
  RouteAcceptance routeAcceptance();

  /** What makes a route or rate limit count. */
  enum RouteAcceptance {
    /** By where objects come from. */
    AUTO,
    /** Its accepted status. */
    STATUS,
    /** Its specification alone. */
    SPEC
  }
}
