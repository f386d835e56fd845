package dev.weft.injector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.helm.Right;
import dev.weft.helm.Rights;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The chart gives this service the rights it needs, and no others. */
final class InjectorRightsTest {
  @Test
  void rights_inTheCluster_areToReadWhatIsWatchedAndToTell() {
    Set<Right> expected =
        ClusterFacts.KINDS.stream()
            .flatMap(
                kind ->
                    Stream.of("list", "watch")
                        .map(verb -> new Right(kind.group(), kind.plural(), verb)))
            .collect(Collectors.toSet());
    expected.add(new Right("", "events", "create"));

    assertThat(Rights.byDefault().clusterWide("linkerd-proxy-injector")).isEqualTo(expected);
  }
}
