package dev.weft.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.outbound.OutboundPolicy;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.control.Profile;
import dev.weft.proxy.control.Target;
import dev.weft.proxy.control.WatchState;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The combinations of facts/proxy.md 3.1. */
final class DiscoveredTest {
  private static final InetSocketAddress ADDRESS = new InetSocketAddress("10.0.0.9", 8080);
  private static final Target TARGET = new Target.Address(ADDRESS);
  private static final WatchState<OutboundPolicy> ABSENT =
      new WatchState.Ended<>(Status.Code.NOT_FOUND, "");
  private static final WatchState<OutboundPolicy> KNOWN = new WatchState.Known<>(Harness.policy());

  @Test
  void nothingKnown_forwardsToTheOriginalDestination() {
    assertThat(Discovered.of(TARGET, null, ABSENT))
        .isEqualTo(
            new Discovered.Direct(
                Discovered.FALLBACK, false, new Dispatch.To(Endpoint.plain(ADDRESS))));
  }

  @Test
  void profileWithoutPolicy_forwardsToItsEndpoint() {
    Endpoint endpoint = Endpoint.plain(new InetSocketAddress("10.0.0.3", 1));
    Profile profile = new Profile("", true, endpoint, List.of(), List.of(), null);
    assertThat(Discovered.of(TARGET, profile, ABSENT))
        .isEqualTo(new Discovered.Direct(Discovered.ENDPOINT, true, new Dispatch.To(endpoint)));
    Profile empty = new Profile("", false, null, List.of(), List.of(), null);
    assertThat(Discovered.of(TARGET, empty, ABSENT))
        .isEqualTo(
            new Discovered.Direct(
                Discovered.ENDPOINT, false, new Dispatch.To(Endpoint.plain(ADDRESS))));
  }

  @Test
  void policy_holdsUnlessAProfileOverridesIt() {
    assertThat(Discovered.of(TARGET, null, KNOWN))
        .isEqualTo(new Discovered.ByPolicy(Harness.policy(), false, null));
    List<Profile.WeightedTarget> split = List.of(new Profile.WeightedTarget("b.shop:80", 1));
    Profile overriding = new Profile("api.shop", false, null, split, List.of(), null);
    assertThat(Discovered.of(TARGET, overriding, KNOWN))
        .isEqualTo(
            new Discovered.ByPolicy(
                Harness.policy(),
                false,
                new Discovered.ProfileRouting(
                    "api.shop:" + ADDRESS.getPort(), split, List.of(), null)));
    Profile nameless = new Profile("", true, null, split, List.of(), null);
    assertThat(Discovered.of(TARGET, nameless, KNOWN))
        .isEqualTo(new Discovered.ByPolicy(Harness.policy(), true, null));
  }

  @Test
  void otherRefusalOfThePolicy_failsTheConnection() {
    assertThat(
            Discovered.of(
                TARGET, null, new WatchState.Ended<>(Status.Code.INVALID_ARGUMENT, "bad")))
        .isInstanceOf(Discovered.Refused.class);
  }
}
