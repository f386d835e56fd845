package dev.weft.resources.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.mesh.resource.ResourceKey;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.resources.RecordingListener;
import dev.weft.resources.ResourceChange;
import dev.weft.resources.Subscription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class DirectorySourceTest {
  /** So slow a scan that only events can explain a change. */
  private static final DirectorySource.Settings EVENTS_ONLY =
      new DirectorySource.Settings(
          Duration.ofMillis(20), Duration.ofMillis(200), Duration.ofHours(1));

  private static final DirectorySource.Settings WITH_SCAN =
      new DirectorySource.Settings(
          Duration.ofMillis(20), Duration.ofMillis(200), Duration.ofMillis(50));

  @TempDir Path root;
  private DirectorySource source;
  private final RecordingListener listener = new RecordingListener();

  @AfterEach
  void close() {
    if (source != null) {
      source.close();
    }
  }

  private void start(DirectorySource.Settings settings, Path... roots) throws IOException {
    source = DirectorySource.start(List.of(roots), settings, Clock.systemUTC());
    source.watch(Set.of(ResourceKind.NAMESPACE, ResourceKind.SERVICE), listener);
  }

  private void startSynced() throws IOException, InterruptedException {
    start(EVENTS_ONLY, root);
    listener.awaitSynced();
  }

  private static String namespace(String name, String label) {
    return "{apiVersion: v1, kind: Namespace, metadata: {name: %s, labels: {v: '%s'}}}\n"
        .formatted(name, label);
  }

  private static ResourceKey key(String name) {
    return new ResourceKey(ResourceKind.NAMESPACE, "", name);
  }

  private void awaitVersions(Map<String, String> expected) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(versions()).isEqualTo(expected));
  }

  private Map<String, String> versions() {
    return listener.objects().values().stream()
        .collect(
            java.util.stream.Collectors.toMap(
                r -> r.meta().name(), r -> r.meta().label("v").orElse("")));
  }

  private void awaitProblem(String text) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(source.status().problems())
                    .anySatisfy(problem -> assertThat(problem).contains(text)));
  }

  private void awaitNoProblem() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> {
              assertThat(source.status().problems()).isEmpty();
              assertThat(source.status().lastError()).isEmpty();
            });
  }

  @Test
  void watch_existingFiles_arriveBeforeSynced() throws Exception {
    Files.writeString(root.resolve("a.yaml"), namespace("a", "1") + "---\n" + namespace("b", "1"));
    Files.createDirectories(root.resolve("deep/er"));
    Files.writeString(root.resolve("deep/er/c.yml"), namespace("c", "1"));
    Files.writeString(
        root.resolve("d.json"),
        "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"d\"}}");
    Files.writeString(root.resolve("notes.txt"), "not a manifest");
    Files.writeString(root.resolve(".draft.yaml"), namespace("draft", "1"));

    startSynced();

    assertThat(versions()).isEqualTo(Map.of("a", "1", "b", "1", "c", "1", "d", ""));
    assertThat(source.status().connected()).isTrue();
    assertThat(source.status().objects())
        .isEqualTo(Map.of(ResourceKind.NAMESPACE, 4, ResourceKind.SERVICE, 0));
  }

  @Test
  void file_createdChangedDeleted_isReportedByEvents() throws Exception {
    startSynced();

    Files.writeString(root.resolve("a.yaml"), namespace("a", "1"));
    awaitVersions(Map.of("a", "1"));
    Files.writeString(root.resolve("a.yaml"), namespace("a", "2"));
    awaitVersions(Map.of("a", "2"));
    Files.delete(root.resolve("a.yaml"));
    awaitVersions(Map.of());
    Files.createDirectories(root.resolve("new"));
    Files.writeString(root.resolve("new/b.yaml"), namespace("b", "1"));
    awaitVersions(Map.of("b", "1"));
  }

  @Test
  void file_changed_isOneBatch() throws Exception {
    Files.writeString(root.resolve("a.yaml"), namespace("a", "1") + "---\n" + namespace("b", "1"));
    startSynced();
    int before = listener.batches().size();

    Path next = root.resolve(".next");
    Files.writeString(next, namespace("b", "2") + "---\n" + namespace("c", "1"));
    Files.move(next, root.resolve("a.yaml"), StandardCopyOption.ATOMIC_MOVE);

    awaitVersions(Map.of("b", "2", "c", "1"));
    assertThat(listener.batches()).hasSize(before + 1);
    assertThat(listener.batches().getLast())
        .extracting(ResourceChange::key)
        .containsExactlyInAnyOrder(key("a"), key("b"), key("c"));
  }

  @Test
  void file_invalid_keepsLastGoodAndNamesFileLineAndReason() throws Exception {
    Path file = root.resolve("a.yaml");
    Files.writeString(file, namespace("a", "1") + "---\n" + namespace("b", "1"));
    startSynced();

    Files.writeString(
        file, namespace("a", "2") + "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: 7}\n");
    awaitProblem(file + ":5: metadata.name: found 7, expected a string");
    assertThat(versions()).isEqualTo(Map.of("a", "1", "b", "1"));
    assertThat(source.status().errors()).isEqualTo(1);
    assertThat(source.status().lastError()).isPresent();

    Files.writeString(file, namespace("a", "3"));
    awaitVersions(Map.of("a", "3"));
    awaitNoProblem();
    assertThat(source.status().errors()).isEqualTo(1);
  }

  @Test
  void file_truncatedToNothing_keepsLastGood() throws Exception {
    Path file = root.resolve("a.yaml");
    Files.writeString(file, namespace("a", "1"));
    startSynced();

    Files.writeString(file, "");

    awaitProblem("the file is empty");
    assertThat(versions()).isEqualTo(Map.of("a", "1"));
  }

  @Test
  void object_inTwoFiles_belongsToTheFirstUntilItGoes(@TempDir Path second) throws Exception {
    Files.writeString(second.resolve("a.yaml"), namespace("a", "second"));
    Files.writeString(root.resolve("z.yaml"), namespace("a", "first"));
    start(EVENTS_ONLY, root, second);
    listener.awaitSynced();

    assertThat(versions()).isEqualTo(Map.of("a", "first"));
    awaitProblem(second.resolve("a.yaml") + ":1: Namespace a is ignored");

    Files.delete(root.resolve("z.yaml"));
    awaitVersions(Map.of("a", "second"));
    awaitNoProblem();
  }

  @Test
  void roots_oneInsideTheOther_areReadOnce() throws Exception {
    Path inner = Files.createDirectories(root.resolve("inner"));
    Files.writeString(inner.resolve("a.yaml"), namespace("a", "1"));
    start(EVENTS_ONLY, inner, root);
    listener.awaitSynced();

    assertThat(versions()).isEqualTo(Map.of("a", "1"));
    assertThat(source.status().problems()).isEmpty();
  }

  @Test
  void root_missing_isSyncedOnceItIsThere(@TempDir Path parent) throws Exception {
    Path late = parent.resolve("late");
    start(WITH_SCAN, root, late);
    awaitProblem(late + ": cannot be listed");
    assertThat(source.status().synced()).isFalse();
    assertThat(source.status().connected()).isFalse();
    assertThat(listener.isSynced()).isFalse();

    Files.createDirectories(late);
    Files.writeString(late.resolve("a.yaml"), namespace("a", "1"));

    listener.awaitSynced();
    awaitVersions(Map.of("a", "1"));
    assertThat(source.status().connected()).isTrue();
  }

  @Test
  void root_lost_freezesItsObjects(@TempDir Path parent) throws Exception {
    Path mounted = Files.createDirectories(parent.resolve("mounted"));
    Files.writeString(mounted.resolve("a.yaml"), namespace("a", "1"));
    start(WITH_SCAN, mounted);
    listener.awaitSynced();

    Files.move(mounted, parent.resolve("elsewhere"));
    awaitProblem("cannot be listed");
    assertThat(versions()).isEqualTo(Map.of("a", "1"));
    assertThat(source.status().connected()).isFalse();

    Files.createDirectories(mounted);
    Files.writeString(mounted.resolve("b.yaml"), namespace("b", "1"));
    awaitVersions(Map.of("b", "1"));
  }

  @Test
  void configMap_switchedByLink_isFollowed() throws Exception {
    Path first = Files.createDirectories(root.resolve("..2026_1"));
    Files.writeString(first.resolve("a.yaml"), namespace("a", "1"));
    Files.createSymbolicLink(root.resolve("..data"), Path.of("..2026_1"));
    Files.createSymbolicLink(root.resolve("a.yaml"), Path.of("..data/a.yaml"));
    startSynced();
    assertThat(versions()).isEqualTo(Map.of("a", "1"));
    assertThat(source.status().problems()).isEmpty();

    Path second = Files.createDirectories(root.resolve("..2026_2"));
    Files.writeString(second.resolve("a.yaml"), namespace("a", "2"));
    Files.createSymbolicLink(root.resolve("..data_tmp"), Path.of("..2026_2"));
    Files.move(root.resolve("..data_tmp"), root.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);

    awaitVersions(Map.of("a", "2"));
  }

  @Test
  void subscription_closed_reportsNoMore() throws Exception {
    startSynced();
    RecordingListener other = new RecordingListener();
    Subscription subscription = source.watch(Set.of(ResourceKind.NAMESPACE), other);
    other.awaitSynced();
    subscription.close();

    Files.writeString(root.resolve("a.yaml"), namespace("a", "1"));

    awaitVersions(Map.of("a", "1"));
    assertThat(other.batches()).isEmpty();
  }

  @Test
  void rapidRewrites_inTheSameTick_endWithTheLast() throws Exception {
    startSynced();
    for (int i = 0; i < 50; i++) {
      Files.writeString(root.resolve("a.yaml"), namespace("a", String.valueOf(10 + i)));
    }
    awaitVersions(Map.of("a", "59"));
  }
}
