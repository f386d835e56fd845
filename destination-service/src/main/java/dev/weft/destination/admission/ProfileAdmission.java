package dev.weft.destination.admission;

import dev.weft.kit.webhook.AdmissionHandler;
import dev.weft.kit.webhook.AdmissionRequest;
import dev.weft.kit.webhook.AdmissionVerdict;
import dev.weft.mesh.resource.ResourceKind;
import org.jboss.logging.Logger;

/**
 * Judges ServiceProfiles of every version. Objects of other kinds are refused, since only a wrong
 * webhook configuration sends them. Stateless; safe for use by many threads.
 *
 * <p>Source: facts/destination.md 16.
 */
public final class ProfileAdmission implements AdmissionHandler {
  private static final Logger LOG = Logger.getLogger("dev.weft.destination.admission");

  /** Judges by its rules alone. */
  public ProfileAdmission() {}

  @Override
  public AdmissionVerdict review(AdmissionRequest request) {
    ResourceKind profile = ResourceKind.SERVICE_PROFILE;
    if (!request.group().equals(profile.group()) || !request.kind().equals(profile.kind())) {
      return AdmissionVerdict.deny(
          "%s of group '%s' refused; cause: not a ServiceProfile; fix: mend the rules of the webhook configuration"
              .formatted(request.kind(), request.group()));
    }
    try {
      ProfileRules.check(request.name(), request.object());
      return AdmissionVerdict.allow();
    } catch (InvalidProfile e) {
      LOG.debugf(
          "refused: namespace=%s name=%s; cause: %s",
          request.namespace(), request.name(), e.getMessage());
      return AdmissionVerdict.deny(
          "ServiceProfile %s/%s refused; cause: %s"
              .formatted(request.namespace(), request.name(), e.getMessage()));
    }
  }
}
