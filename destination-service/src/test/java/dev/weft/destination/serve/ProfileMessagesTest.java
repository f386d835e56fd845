package dev.weft.destination.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.destination.DestinationProfile;
import dev.weft.api.destination.Http2ClientParams;
import dev.weft.api.destination.RequestMatch;
import dev.weft.api.destination.Route;
import dev.weft.api.httptypes.HttpMethod;
import dev.weft.destination.index.Profile;
import dev.weft.mesh.ServiceName;
import dev.weft.mesh.resource.ServiceProfile;
import dev.weft.resources.decode.Decoded;
import dev.weft.resources.decode.ResourceDecoder;
import dev.weft.resources.decode.YamlTrees;
import org.junit.jupiter.api.Test;

final class ProfileMessagesTest {
  private final ProfileMessages messages =
      new ProfileMessages(new EndpointMessages(Http2ClientParams.getDefaultInstance()));

  private static Profile of(String spec) {
    String yaml =
        """
        apiVersion: linkerd.io/v1alpha2
        kind: ServiceProfile
        metadata: {name: api.shop.svc.cluster.local, namespace: shop}
        spec: %s
        """
            .formatted(spec);
    Decoded decoded = ResourceDecoder.manifest(YamlTrees.parse(yaml).getFirst()).getFirst();
    return new Profile.OfService(
        new ServiceName("shop", "api"),
        "api.shop.svc.cluster.local",
        8080,
        false,
        (ServiceProfile) ((Decoded.Known) decoded).resource());
  }

  @Test
  void routes_everyField_isSent() {
    DestinationProfile profile =
        messages
            .of(
                of(
                    """
                    {routes: [{name: get, timeout: 1m30s, isRetryable: true,
                               condition: {method: get, pathRegex: /a},
                               responseClasses: [{condition: {status: {min: 500}}, isFailure: true}]},
                              {name: odd, timeout: 0s, condition: {method: brew}}],
                     retryBudget: {retryRatio: 0.5, minRetriesPerSecond: 1, ttl: 1m},
                     dstOverrides: [{authority: b.shop.svc.cluster.local, weight: 500m},
                                    {authority: "c.shop.svc.cluster.local:1", weight: 1}]}"""))
            .orElseThrow();

    Route get = profile.getRoutes(0);
    assertThat(get.getMetricsLabelsMap()).containsEntry("route", "get");
    assertThat(get.getTimeout().getSeconds()).isEqualTo(90);
    assertThat(get.getIsRetryable()).isTrue();
    assertThat(get.getCondition().getAll().getMatchesList())
        .extracting(RequestMatch::getMatchCase)
        .containsExactly(RequestMatch.MatchCase.METHOD, RequestMatch.MatchCase.PATH);
    assertThat(get.getResponseClasses(0).getCondition().getStatus().getMin()).isEqualTo(500);
    assertThat(profile.getRoutes(1).hasTimeout()).isFalse();
    assertThat(profile.getRoutes(1).getCondition().getMethod())
        .isEqualTo(HttpMethod.newBuilder().setUnregistered("BREW").build());
    assertThat(profile.getRetryBudget().getTtl().getSeconds()).isEqualTo(60);
    assertThat(profile.getDstOverrides(0).getAuthority())
        .isEqualTo("b.shop.svc.cluster.local:8080");
    assertThat(profile.getDstOverrides(0).getWeight()).isEqualTo(5_000);
    assertThat(profile.getDstOverrides(1).getAuthority()).isEqualTo("c.shop.svc.cluster.local:1");
    assertThat(profile.getProfileRef().getResource().getKind()).isEqualTo("ServiceProfile");
  }

  @Test
  void budget_unreadable_withholdsTheMessage() {
    assertThat(
            messages.of(of("{retryBudget: {retryRatio: 0.5, minRetriesPerSecond: 1, ttl: soon}}")))
        .isEmpty();
  }

  @Test
  void withoutServiceProfile_referenceHasTheGroupOnly() {
    DestinationProfile profile =
        messages
            .of(
                new Profile.OfService(
                    new ServiceName("shop", "api"), "api.shop.svc.cluster.local", 80, true, null))
            .orElseThrow();
    assertThat(profile.getProfileRef().getResource().getGroup()).isEqualTo("linkerd.io");
    assertThat(profile.getProfileRef().getResource().getKind()).isEmpty();
    assertThat(profile.getOpaqueProtocol()).isTrue();
  }
}
