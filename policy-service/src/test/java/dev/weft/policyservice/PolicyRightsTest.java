package dev.weft.policyservice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.helm.Right;
import dev.weft.helm.Rights;
import dev.weft.policyservice.index.PolicyIndex;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The chart gives this service the rights it needs, and no others. */
final class PolicyRightsTest {
  @Test
  void rights_inTheCluster_areToReadWhatIsWatched() {
    Set<Right> expected =
        PolicyIndex.KINDS.stream()
            .flatMap(
                kind ->
                    Stream.of("list", "watch")
                        .map(verb -> new Right(kind.group(), kind.plural(), verb)))
            .collect(Collectors.toSet());

    assertThat(Rights.byDefault().clusterWide("linkerd-policy")).isEqualTo(expected);
  }
}
