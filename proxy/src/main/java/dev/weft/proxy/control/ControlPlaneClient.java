package dev.weft.proxy.control;

import dev.weft.api.destination.DestinationGrpc;
import dev.weft.api.inbound.InboundServerPoliciesGrpc;
import dev.weft.api.outbound.OutboundPoliciesGrpc;
import dev.weft.mesh.IpAddr;
import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.policy.outbound.OutboundPolicy;
import dev.weft.proxy.client.Backoff;
import dev.weft.proxy.config.BackoffConfig;
import dev.weft.proxy.config.ControlConfig;
import dev.weft.proxy.config.ControlConfig.StreamLimits;
import dev.weft.proxy.config.ProxyConfig;
import dev.weft.proxy.config.ServiceAddress;
import dev.weft.proxy.control.decode.EndpointFold;
import dev.weft.proxy.control.decode.InboundPolicies;
import dev.weft.proxy.control.decode.OutboundPolicies;
import dev.weft.proxy.control.decode.Profiles;
import dev.weft.proxy.control.decode.Requests;
import dev.weft.proxy.metrics.Metrics;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The connections to the destination and the policy service, and the watches that run over them.
 * Thread-safe.
 */
public final class ControlPlaneClient implements AutoCloseable {
  private static final Set<Status.Code> REFUSALS =
      EnumSet.of(Status.Code.INVALID_ARGUMENT, Status.Code.FAILED_PRECONDITION);
  private static final Set<Status.Code> REFUSALS_OR_ABSENT =
      EnumSet.of(
          Status.Code.INVALID_ARGUMENT,
          Status.Code.FAILED_PRECONDITION,
          Status.Code.NOT_FOUND,
          Status.Code.UNIMPLEMENTED);

  private static final EndpointSet NO_SUCH_SERVICE = new EndpointSet(Map.of(), false);

  /**
   * Longest pause between attempts to reach a service on this machine. The contract has 10 s here;
   * its successor would be heard that much later.
   */
  private static final Duration LOOPBACK_MAX_PAUSE = Duration.ofSeconds(1);

  private final ProxyConfig config;
  private final ControlChannels channels;
  private final EventExecutor executor;
  private final RandomGenerator random;
  private final ManagedChannel destination;
  private final ManagedChannel policy;
  private final ControlPlane controlPlane;

  /**
   * Connects when the first watch is made.
   *
   * @param executor one thread, none of the workers
   */
  public ControlPlaneClient(
      ProxyConfig config,
      ControlChannels channels,
      EventExecutor executor,
      RandomGenerator random,
      Metrics metrics) {
    this.config = config;
    this.channels = channels;
    this.executor = executor;
    this.random = random;
    this.destination = open(ControlService.DESTINATION, config.control().destination());
    this.policy = open(ControlService.POLICY, config.control().policy());
    WatchMetrics watchMetrics = new WatchMetrics(metrics);
    this.controlPlane =
        new ControlPlane(
            inboundPolicies(watchMetrics),
            outboundPolicies(watchMetrics),
            profiles(watchMetrics),
            endpoints(watchMetrics));
  }

  /** The watchers. */
  public ControlPlane controlPlane() {
    return controlPlane;
  }

  private ManagedChannel open(ControlService kind, ServiceAddress service) {
    ManagedChannel channel = channels.open(kind, service);
    BackoffConfig pauses = pauses(service);
    Backoff backoff = new Backoff(pauses.min(), pauses.max(), pauses.jitter(), random);
    new ChannelKeeper(kind.client(), channel, backoff, executor).start();
    return channel;
  }

  /** As when dialling others; on this machine a try costs nobody anything, so there are more. */
  private BackoffConfig pauses(ServiceAddress service) {
    BackoffConfig pauses = channels.connect(service).backoff();
    if (!service.loopback() || pauses.max().compareTo(LOOPBACK_MAX_PAUSE) <= 0) {
      return pauses;
    }
    Duration min =
        pauses.min().compareTo(LOOPBACK_MAX_PAUSE) < 0 ? pauses.min() : LOOPBACK_MAX_PAUSE;
    return new BackoffConfig(min, LOOPBACK_MAX_PAUSE, pauses.jitter());
  }

  private WatchSettings settings(ServiceAddress service, Duration retention) {
    StreamLimits limits = service.loopback() ? StreamLimits.NONE : config.control().streams();
    return new WatchSettings(pauses(service), limits, retention);
  }

  private Watcher<Integer, InboundPolicy> inboundPolicies(WatchMetrics metrics) {
    ControlConfig control = config.control();
    InboundDefaults defaults = new InboundDefaults(config.inbound());
    return new SharedWatcher<>(
        new WatchKind<>(
            "inbound",
            InboundServerPoliciesGrpc.getWatchPortMethod(),
            port -> Requests.port(control, port),
            _ -> true,
            defaults::of,
            null,
            _ -> InboundPolicies::decode,
            REFUSALS,
            true),
        settings(control.policy(), config.inbound().path().discoveryIdleTimeout()),
        policy,
        executor,
        random,
        metrics);
  }

  private Watcher<Target, OutboundPolicy> outboundPolicies(WatchMetrics metrics) {
    ControlConfig control = config.control();
    return new SharedWatcher<>(
        new WatchKind<>(
            "outbound",
            OutboundPoliciesGrpc.getWatchMethod(),
            target -> Requests.target(control, target),
            _ -> true,
            _ -> null,
            null,
            _ -> OutboundPolicies::decode,
            REFUSALS_OR_ABSENT,
            true),
        settings(control.policy(), config.outbound().path().discoveryIdleTimeout()),
        policy,
        executor,
        random,
        metrics);
  }

  private Watcher<Target, Profile> profiles(WatchMetrics metrics) {
    ControlConfig control = config.control();
    return new SharedWatcher<>(
        new WatchKind<>(
            "profile",
            DestinationGrpc.getGetProfileMethod(),
            target -> Requests.destination(control, target.text()),
            this::mayDiscover,
            _ -> null,
            null,
            _ -> Profiles::decode,
            REFUSALS,
            true),
        settings(control.destination(), config.outbound().path().discoveryIdleTimeout()),
        destination,
        executor,
        random,
        metrics);
  }

  private boolean mayDiscover(Target target) {
    return switch (target) {
      case Target.Address(var address) ->
          config.control().mayDiscover(IpAddr.of(address.getAddress()));
      case Target.Name(var host, var _) -> config.control().profileSuffixes().matches(host);
    };
  }

  private Watcher<String, EndpointSet> endpoints(WatchMetrics metrics) {
    ControlConfig control = config.control();
    return new SharedWatcher<>(
        new WatchKind<>(
            "endpoints",
            DestinationGrpc.getGetMethod(),
            authority -> Requests.destination(control, authority),
            _ -> true,
            _ -> null,
            NO_SUCH_SERVICE,
            before -> new EndpointFold(before)::apply,
            REFUSALS,
            false),
        settings(control.destination(), config.outbound().path().discoveryIdleTimeout()),
        destination,
        executor,
        random,
        metrics);
  }

  /** Ends all streams at once. */
  @Override
  public void close() {
    destination.shutdownNow();
    policy.shutdownNow();
  }
}
