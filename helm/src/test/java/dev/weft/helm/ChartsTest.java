package dev.weft.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class ChartsTest {
  private static final Rendering ANCHORED =
      Rendering.of("mesh")
          .withSet("identityTrustAnchorsPEM", "anchors")
          .withSet("identity.issuer.tls.crtPEM", "certificate")
          .withSet("identity.issuer.tls.keyPEM", "key");

  @Test
  void rendering_sameInput_givesTheSameManifests() {
    assertThat(Charts.render(Chart.CONTROL_PLANE, ANCHORED))
        .isNotEmpty()
        .isEqualTo(Charts.render(Chart.CONTROL_PLANE, ANCHORED));
  }

  @Test
  void rendering_namespaceGiven_isThatOfTheObjects() {
    assertThat(Charts.render(Chart.CONTROL_PLANE, ANCHORED))
        .extracting(Manifest::namespace)
        .isSubsetOf("mesh", "");
  }

  @Test
  void rendering_noAnchors_isRefusedWithAFix() {
    assertThatThrownBy(() -> Charts.render(Chart.CONTROL_PLANE, Rendering.of("mesh")))
        .isInstanceOf(ChartException.class)
        .hasMessageContaining("identityTrustAnchorsPEM is empty")
        .hasMessageContaining("fix: ")
        .hasMessageNotContaining("templates/");
  }
}
