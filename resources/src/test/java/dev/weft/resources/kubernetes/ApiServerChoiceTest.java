package dev.weft.resources.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ApiServerChoiceTest {
  @Test
  void kubeconfig_comesFirst_andNoContainerIsLookedFor() {
    ApiServerChoice choice =
        ApiServerChoice.of(
            Optional.of("/home/me/.kube/config"),
            () -> {
              throw new AssertionError("asked for containers");
            });
    assertThat(choice).isEqualTo(new ApiServerChoice.Named("/home/me/.kube/config"));
  }

  @Test
  void noKubeconfig_withContainers_isK3s() {
    assertThat(ApiServerChoice.of(Optional.empty(), Optional::empty))
        .isEqualTo(new ApiServerChoice.Container());
  }

  @Test
  void blankKubeconfig_countsAsNone() {
    assertThat(ApiServerChoice.of(Optional.of(" "), Optional::empty))
        .isEqualTo(new ApiServerChoice.Container());
  }

  @Test
  void neither_isSkippedAndSaysWhatIsMissing() {
    assertThat(ApiServerChoice.of(Optional.empty(), () -> Optional.of("Docker is not running")))
        .isEqualTo(
            new ApiServerChoice.None(
                "no API server: KUBECONFIG is not set, and Docker is not running"));
  }
}
