package dev.weft.proxy.outbound;

import dev.weft.mesh.IpAddr;
import dev.weft.policy.PolicyRef;
import dev.weft.policy.outbound.Backend;
import dev.weft.policy.outbound.Backend.Dispatcher;
import dev.weft.policy.outbound.Distribution;
import dev.weft.policy.outbound.FailureAccrual;
import dev.weft.policy.outbound.OutboundHttpRoute;
import dev.weft.policy.outbound.OutboundOpaqueRoute;
import dev.weft.policy.outbound.OutboundPolicy;
import dev.weft.policy.outbound.OutboundProtocol;
import dev.weft.policy.outbound.Timeouts;
import dev.weft.proxy.balance.LoadParams;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.control.Profile;
import dev.weft.proxy.control.ProfileRoute;
import dev.weft.proxy.control.Target;
import dev.weft.proxy.control.WatchState;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a target, profile and policy combined by the contract's rules of precedence.
 * Pure values.
 *
 * <p>Source: facts/proxy.md 3.1, facts/proxy-api.md 18.8.
 */
sealed interface Discovered {
  /** No policy: everything goes to one place. */
  PolicyRef ENDPOINT = PolicyRef.builtin("endpoint");

  /** The routes are those of a profile. */
  PolicyRef PROFILE = PolicyRef.builtin("profile");

  /** Nothing is known: everything goes where the client wanted it to. */
  PolicyRef FALLBACK = PolicyRef.builtin("fallback");

  /**
   * A policy holds.
   *
   * @param opaque whether the profile forbids to look into the bytes, whatever the policy says
   * @param routing what the profile has instead of the policy's routes; null for nothing
   */
  record ByPolicy(OutboundPolicy policy, boolean opaque, @Nullable ProfileRouting routing)
      implements Discovered {}

  /**
   * Routes and traffic split of a profile.
   *
   * @param authority {@code name:port} of the service itself
   * @param overrides where traffic goes; empty for the service itself
   * @param routes in order
   * @param budget what retries of all routes share; null allows none
   */
  record ProfileRouting(
      String authority,
      List<Profile.WeightedTarget> overrides,
      List<ProfileRoute> routes,
      ProfileRoute.@Nullable Budget budget) {
    public ProfileRouting {
      overrides = List.copyOf(overrides);
      routes = List.copyOf(routes);
    }
  }

  /**
   * Everything goes to one place.
   *
   * @param ref a default policy's name
   */
  record Direct(PolicyRef ref, boolean opaque, Dispatch dispatch) implements Discovered {}

  /** The connection cannot be carried. */
  record Refused(String cause) implements Discovered {}

  /** A name that nobody knows, and that nothing is sent to. */
  static Discovered stranger() {
    return new Direct(FALLBACK, false, new Dispatch.Fail());
  }

  /**
   * Combines what was answered.
   *
   * @param profile null if there is none
   * @param policy not pending
   */
  static Discovered of(
      Target target, @Nullable Profile profile, WatchState<OutboundPolicy> policy) {
    return switch (policy) {
      case WatchState.Known<OutboundPolicy>(OutboundPolicy known) ->
          byPolicy(target, known, profile);
      case WatchState.Ended<OutboundPolicy> ended when ended.absent() ->
          withoutPolicy(target, profile);
      case WatchState.Ended<OutboundPolicy>(var code, var description) ->
          new Refused(
              "policy of " + target.text() + " refused; cause: " + code + " " + description);
      case WatchState.Pending<OutboundPolicy> _ ->
          throw new IllegalArgumentException("the policy of " + target.text() + " is pending");
    };
  }

  private static Discovered byPolicy(
      Target target, OutboundPolicy policy, @Nullable Profile profile) {
    if (profile == null) {
      return new ByPolicy(policy, false, null);
    }
    return new ByPolicy(policy, profile.opaque(), routing(target, profile));
  }

  private static @Nullable ProfileRouting routing(Target target, Profile profile) {
    return profile.routesHttp()
        ? new ProfileRouting(
            authority(target, profile), profile.overrides(), profile.routes(), profile.budget())
        : null;
  }

  private static String authority(Target target, Profile profile) {
    int port =
        switch (target) {
          case Target.Address(InetSocketAddress address) -> address.getPort();
          case Target.Name name -> name.port();
        };
    return profile.name() + ":" + port;
  }

  private static Discovered withoutPolicy(Target target, @Nullable Profile profile) {
    if (profile != null && profile.endpoint() != null) {
      return new Direct(ENDPOINT, profile.opaque(), new Dispatch.To(profile.endpoint()));
    }
    if (profile != null
        && !profile.name().isEmpty()
        && (target instanceof Target.Name || profile.routesHttp())) {
      return new ByPolicy(
          balanced(authority(target, profile)), profile.opaque(), routing(target, profile));
    }
    PolicyRef ref = profile == null ? FALLBACK : ENDPOINT;
    return new Direct(ref, profile != null && profile.opaque(), straightTo(target));
  }

  /** What stands for the policy of a service that has none. */
  private static OutboundPolicy balanced(String authority) {
    Backend backend =
        new Backend(
            PROFILE,
            new Dispatcher.Balancer(authority, Backend.Load.DEFAULT),
            Backend.Queue.DEFAULT);
    List<OutboundHttpRoute> http =
        List.of(
            new OutboundHttpRoute(
                PROFILE,
                List.of(),
                List.of(
                    new OutboundHttpRoute.Rule(
                        List.of(),
                        List.of(),
                        Distribution.to(backend),
                        Timeouts.NONE,
                        null,
                        false))));
    return new OutboundPolicy(
        PROFILE,
        new OutboundProtocol.Detect(
            OutboundPolicy.DEFAULT_DETECT_TIMEOUT,
            new OutboundProtocol.Opaque(
                new OutboundOpaqueRoute(PROFILE, List.of(), Distribution.to(backend))),
            new OutboundProtocol.Http1(http, null),
            new OutboundProtocol.Http2(http, null)));
  }

  /** Where the client wanted to go, in plaintext. */
  static Dispatch straightTo(Target target) {
    return switch (target) {
      case Target.Address(InetSocketAddress address) -> new Dispatch.To(Endpoint.plain(address));
      case Target.Name(String host, int port) -> new Dispatch.Host(host, port);
    };
  }

  /**
   * The dispatch of a policy's backend.
   *
   * @param accrual when an endpoint of a balancer is put aside; null for never
   */
  static Dispatch dispatch(Backend backend, @Nullable FailureAccrual accrual) {
    return switch (backend.dispatcher()) {
      case Dispatcher.Balancer(String authority, Backend.Load load) ->
          new Dispatch.Balance(authority, load(load), accrual);
      case Dispatcher.Forward(IpAddr ip, int port) ->
          new Dispatch.To(Endpoint.plain(new InetSocketAddress(ip.toInetAddress(), port)));
      case Dispatcher.None() -> new Dispatch.Fail();
    };
  }

  private static LoadParams load(Backend.Load load) {
    return switch (load) {
      case Backend.Load.PeakEwma(Duration rtt, Duration decay) -> new LoadParams(rtt, decay);
      case Backend.Load.PenaltyPeakEwma penal ->
          new LoadParams(
              penal.defaultRtt(),
              penal.decay(),
              new LoadParams.Penalty(penal.penalty(), penal.maxRetryAfter()));
    };
  }

  /** Whether a policy lets opaque bytes pass at all. */
  static OutboundProtocol.@Nullable Opaque opaque(OutboundProtocol protocol) {
    return switch (protocol) {
      case OutboundProtocol.Detect detect -> detect.opaque();
      case OutboundProtocol.Opaque opaque -> opaque;
      case OutboundProtocol.Http1 _,
          OutboundProtocol.Http2 _,
          OutboundProtocol.Grpc _,
          OutboundProtocol.Tls _ ->
          null;
    };
  }
}
