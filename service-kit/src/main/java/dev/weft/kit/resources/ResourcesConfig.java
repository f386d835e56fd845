package dev.weft.kit.resources;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where a control-plane service gets its objects from; prefix {@code weft.resources}. */
@ConfigMapping(prefix = "weft.resources")
public interface ResourcesConfig {
  /**
   * Directories of manifests, the most important first, comma-separated. Default: none, which means
   * the Kubernetes cluster that the process runs in or its kubeconfig names.
   */
  Optional<List<Path>> directories();

  /**
   * How long the files of the directories must be quiet before a change is taken in; 1 ms to 1 min.
   * Default 50 ms.
   */
  @WithDefault("0.05S")
  Duration settle();

  /**
   * How often the directories are scanned although no event told of a change, for file systems
   * without events; 10 ms to 1 h. Default 2 s.
   */
  @WithDefault("2S")
  Duration rescan();

  /** How the cluster is read, where no directory is named. */
  Kubernetes kubernetes();

  /**
   * See {@link #kubernetes()}. Which cluster and as whom is for {@code quarkus.kubernetes-client}.
   */
  interface Kubernetes {
    /**
     * After how long all objects are listed again although nothing went wrong; 1 min to 24 h.
     * Default 1 h.
     */
    @WithDefault("1H")
    Duration resync();

    /**
     * How long one watch request may live at most; 10 s to 1 h. Half to all of it is asked for, at
     * random. Default 8 min.
     */
    @WithDefault("8M")
    Duration watchLimit();

    /** The longest pause after failures; 100 ms to 10 min. Default 30 s. */
    @WithDefault("30S")
    Duration maxBackoff();

    /**
     * After how long the cluster is asked again for a kind whose CRD was not installed; 1 s to 1 h.
     * Default 30 s.
     */
    @WithDefault("30S")
    Duration unknownKindRetry();
  }
}
