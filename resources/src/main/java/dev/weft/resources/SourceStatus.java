package dev.weft.resources;

import dev.weft.mesh.resource.ResourceKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a source is, at one moment.
 *
 * @param name what the source reads, for people: {@code directory /etc/weft} or {@code kubernetes
 *     https://...}
 * @param connected whether it now sees changes
 * @param synced whether every watch has had its initial objects
 * @param since since when {@code connected} is as it is
 * @param lastError the newest thing that went wrong and is not yet mended, if any
 * @param problems what is wrong at the moment, one sentence each: files that cannot be read,
 *     objects that cannot be decoded, kinds that the cluster does not know; at most {@link
 *     #MAX_PROBLEMS}
 * @param kinds how it sees each watched kind
 * @param objects how many objects of each watched kind it holds
 * @param changes how many changes it has reported
 * @param errors how many errors it has met
 */
public record SourceStatus(
    String name,
    boolean connected,
    boolean synced,
    Instant since,
    Optional<String> lastError,
    List<String> problems,
    Map<ResourceKind, KindHealth> kinds,
    Map<ResourceKind, Integer> objects,
    long changes,
    long errors) {
  /** How many problems are listed at most; all are counted and logged. */
  public static final int MAX_PROBLEMS = 100;

  /** Copies the collections. */
  public SourceStatus {
    problems = List.copyOf(problems);
    kinds = Map.copyOf(kinds);
    objects = Map.copyOf(objects);
  }

  /** Of a source that has only begun: it sees nothing yet, and nothing went wrong. */
  public static SourceStatus unconnected(String name, Instant since) {
    return new SourceStatus(
        name, false, false, since, Optional.empty(), List.of(), Map.of(), Map.of(), 0, 0);
  }

  /** The watched kinds in that state, by name in the order of their declaration. */
  public List<String> kindsThatAre(KindHealth health) {
    return kinds.entrySet().stream()
        .filter(entry -> entry.getValue() == health)
        .map(Map.Entry::getKey)
        .sorted()
        .map(ResourceKind::qualifiedName)
        .toList();
  }
}
