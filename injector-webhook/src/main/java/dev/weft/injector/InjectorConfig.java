package dev.weft.injector;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** What the injector works with; prefix {@code weft.injector}. */
@ConfigMapping(prefix = "weft.injector")
interface InjectorConfig {
  /** The namespace of the control plane, a DNS label. Default {@code linkerd}. */
  @WithDefault("linkerd")
  @Pattern(regexp = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?", message = "must be a DNS label")
  String controlPlaneNamespace();

  /** The chart's values, YAML; read again when the file changes. */
  @WithDefault("/var/run/linkerd/config/values")
  Path values();

  /** The trust anchors, PEM; read again when the file changes. */
  @WithDefault("/var/run/linkerd/identity/trust-roots/ca-bundle.crt")
  Path trustAnchors();

  /**
   * How long a review may wait for a namespace or owner that was created only just before the pod;
   * 0 s to 5 s. Default 1 s.
   */
  @WithDefault("1S")
  @DurationMin(millis = 0)
  @DurationMax(seconds = 5)
  Duration lookupWait();
}
