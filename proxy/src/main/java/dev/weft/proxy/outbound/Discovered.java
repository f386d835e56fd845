package dev.weft.proxy.outbound;

import dev.weft.mesh.IpAddr;
import dev.weft.policy.PolicyRef;
import dev.weft.policy.outbound.Backend;
import dev.weft.policy.outbound.Backend.Dispatcher;
import dev.weft.policy.outbound.FailureAccrual;
import dev.weft.policy.outbound.OutboundPolicy;
import dev.weft.policy.outbound.OutboundProtocol;
import dev.weft.proxy.balance.LoadParams;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.control.Profile;
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

  /** Nothing is known: everything goes where the client wanted it to. */
  PolicyRef FALLBACK = PolicyRef.builtin("fallback");

  /**
   * A policy holds.
   *
   * @param opaque whether the profile forbids to look into the bytes, whatever the policy says
   * @param overrides traffic split of the profile that replaces the policy's routes; empty for none
   */
  record ByPolicy(OutboundPolicy policy, boolean opaque, List<Profile.WeightedTarget> overrides)
      implements Discovered {
    public ByPolicy {
      overrides = List.copyOf(overrides);
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

  /**
   * Combines what was answered.
   *
   * @param profile null if there is none
   * @param policy not pending
   */
  static Discovered of(
      Target target, @Nullable Profile profile, WatchState<OutboundPolicy> policy) {
    return switch (policy) {
      case WatchState.Known<OutboundPolicy>(OutboundPolicy known) -> byPolicy(known, profile);
      case WatchState.Ended<OutboundPolicy> ended when ended.absent() ->
          withoutPolicy(target, profile);
      case WatchState.Ended<OutboundPolicy>(var code, var description) ->
          new Refused(
              "policy of " + target.text() + " refused; cause: " + code + " " + description);
      case WatchState.Pending<OutboundPolicy> _ ->
          throw new IllegalArgumentException("the policy of " + target.text() + " is pending");
    };
  }

  private static Discovered byPolicy(OutboundPolicy policy, @Nullable Profile profile) {
    if (profile == null) {
      return new ByPolicy(policy, false, List.of());
    }
    // Routes of ServiceProfiles are issue 5; without them only overrides replace the policy.
    boolean overrides = !profile.name().isEmpty() && !profile.overrides().isEmpty();
    return new ByPolicy(policy, profile.opaque(), overrides ? profile.overrides() : List.of());
  }

  private static Discovered withoutPolicy(Target target, @Nullable Profile profile) {
    if (profile != null && profile.endpoint() != null) {
      return new Direct(ENDPOINT, profile.opaque(), new Dispatch.To(profile.endpoint()));
    }
    PolicyRef ref = profile == null ? FALLBACK : ENDPOINT;
    return new Direct(ref, profile != null && profile.opaque(), straightTo(target));
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
