package dev.weft.destination.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.destination.index.DiscoveryIndex;
import dev.weft.helm.Right;
import dev.weft.helm.Rights;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The chart gives this service the rights it needs, and no others. */
final class DestinationRightsTest {
  @Test
  void rights_inTheCluster_areToReadWhatIsWatched() {
    Set<Right> expected =
        DiscoveryIndex.KINDS.stream()
            .flatMap(
                kind ->
                    Stream.of("list", "watch")
                        .map(verb -> new Right(kind.group(), kind.plural(), verb)))
            .collect(Collectors.toSet());

    assertThat(Rights.byDefault().clusterWide("linkerd-destination")).isEqualTo(expected);
  }
}
