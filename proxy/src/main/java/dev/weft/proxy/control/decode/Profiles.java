package dev.weft.proxy.control.decode;

import dev.weft.api.destination.DestinationProfile;
import dev.weft.mesh.Authority;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.control.Profile;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decodes {@code destination.DestinationProfile}, leniently. Source: facts/proxy-api.md 16.4. */
public final class Profiles {
  private Profiles() {}

  /** The profile; overrides of weight 0 or without usable authority are left out. */
  public static Profile decode(DestinationProfile message) {
    @Nullable Endpoint endpoint =
        message.hasEndpoint()
            ? Endpoints.decode(message.getEndpoint(), Map.of()).orElse(null)
            : null;
    List<Profile.WeightedTarget> overrides =
        message.getDstOverridesList().stream()
            .filter(o -> o.getWeight() != 0 && Authority.tryParse(o.getAuthority()).isPresent())
            .map(o -> new Profile.WeightedTarget(o.getAuthority(), Backends.bounded(o.getWeight())))
            .toList();
    return new Profile(
        message.getFullyQualifiedName(),
        message.getOpaqueProtocol(),
        endpoint,
        overrides,
        ProfileRoutes.decode(message.getRoutesList()),
        message.hasRetryBudget() ? ProfileRoutes.budget(message.getRetryBudget()) : null);
  }
}
