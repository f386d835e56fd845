package dev.weft.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class LintTest {
  @ParameterizedTest
  @EnumSource
  void folder_isLintedStrictly_hasNoFault(Chart chart) {
    LintResult result = new Helm(Path.of(chart.chartName())).lint().strict().quiet().call();

    // Helm lints with the defaults, which have no certificates on purpose.
    assertThat(result.getMessages())
        .filteredOn(message -> !message.contains("identityTrustAnchorsPEM is empty"))
        .filteredOn(message -> !message.contains("chart(s) failed"))
        .allSatisfy(message -> assertThat(message).doesNotContain("[ERROR]", "[WARNING]"));
  }
}
