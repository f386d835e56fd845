package dev.weft.injector;

import dev.weft.injection.Injector;
import dev.weft.injection.Installation;
import dev.weft.injection.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The injector for what the two files say now. They are looked at upon each call and read when they
 * changed; what cannot be used changes nothing and is told once. Safe for use by many threads.
 */
final class LiveInstallation {
  private static final Logger LOG = Logger.getLogger("dev.weft.injector");

  /** Values and anchors are a few kilobytes; a ConfigMap holds 1 MiB at most. */
  private static final long MAX_FILE_BYTES = 2 << 20;

  private final InjectorConfig config;
  private final AtomicReference<State> state = new AtomicReference<>(State.NOTHING);

  /** What identifies a file's content without reading it. */
  private record Stamp(@Nullable Object key, FileTime modified, long bytes) {}

  private record State(
      @Nullable Stamp values,
      @Nullable Stamp anchors,
      @Nullable Injector injector,
      @Nullable String error) {
    static final State NOTHING = new State(null, null, null, null);

    boolean isOf(Stamp otherValues, Stamp otherAnchors) {
      return otherValues.equals(values) && otherAnchors.equals(anchors);
    }
  }

  LiveInstallation(InjectorConfig config) {
    this.config = config;
  }

  /** The injector of the newest usable files; empty while there never were any. */
  Optional<Injector> injector() {
    return Optional.ofNullable(look().injector());
  }

  /** Why the files in place are not used; empty if they are. */
  Optional<String> error() {
    return Optional.ofNullable(look().error());
  }

  private State look() {
    State before = state.get();
    try {
      Stamp values = stamp(config.values());
      Stamp anchors = stamp(config.trustAnchors());
      if (before.isOf(values, anchors)) {
        return before;
      }
      return take(before, read(values, anchors, before));
    } catch (IOException e) {
      String cause =
          "%s cannot be read; cause: %s".formatted(e.getMessage(), e.getClass().getSimpleName());
      return cause.equals(before.error())
          ? before
          : take(before, new State(null, null, before.injector(), cause));
    }
  }

  /** Of threads that see a change together, one wins and tells. */
  private State take(State before, State after) {
    if (state.compareAndSet(before, after)) {
      if (after.error() != null) {
        LOG.warnf(
            "installation not taken in: earlier=%s; cause: %s",
            after.injector() == null ? "none" : "kept", after.error());
      } else {
        LOG.infof(
            "installation taken in: values=%s anchors=%s", config.values(), config.trustAnchors());
      }
    }
    return after;
  }

  private State read(Stamp valuesStamp, Stamp anchorsStamp, State before) throws IOException {
    String text = Files.readString(config.values());
    String anchors = Files.readString(config.trustAnchors());
    try {
      if (anchors.isBlank()) {
        throw new IllegalArgumentException(config.trustAnchors() + " is empty");
      }
      Values values = Values.parse(text);
      Installation installation =
          new Installation(
              values,
              config.controlPlaneNamespace(),
              anchors,
              "linkerd/proxy-injector " + values.linkerdVersion());
      return new State(valuesStamp, anchorsStamp, new Injector(installation), null);
    } catch (IllegalArgumentException e) {
      return new State(valuesStamp, anchorsStamp, before.injector(), e.getMessage());
    }
  }

  private static Stamp stamp(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (attributes.size() > MAX_FILE_BYTES) {
      throw new IOException(file + ", which is longer than " + MAX_FILE_BYTES + " bytes,");
    }
    return new Stamp(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
  }
}
