package dev.weft.kit.webhook;

import java.util.List;
import java.util.Optional;

/**
 * What a webhook answers.
 *
 * @param allowed whether the object may be stored
 * @param message why not; shown to whoever sent the object
 * @param patch a JSON patch (RFC 6902), JSON text
 * @param warnings shown to whoever sent the object
 */
public record AdmissionVerdict(
    boolean allowed, String message, Optional<String> patch, List<String> warnings) {
  /** Copies the list. */
  public AdmissionVerdict {
    warnings = List.copyOf(warnings);
  }

  /** As it is. */
  public static AdmissionVerdict allow() {
    return new AdmissionVerdict(true, "", Optional.empty(), List.of());
  }

  /** Changed by a patch. */
  public static AdmissionVerdict patch(String patch, List<String> warnings) {
    return new AdmissionVerdict(true, "", Optional.of(patch), warnings);
  }

  /** Not at all. */
  public static AdmissionVerdict deny(String message) {
    return new AdmissionVerdict(false, message, Optional.empty(), List.of());
  }
}
