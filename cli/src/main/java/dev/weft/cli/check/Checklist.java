package dev.weft.cli.check;

import java.util.List;

/**
 * All categories in the contract's order, whatever the mode.
 *
 * <p>Source: facts/cli-and-checks.md 2.3.
 */
final class Checklist {
  private Checklist() {}

  static List<Category> all() {
    return List.of(
        KubernetesChecks.api(),
        KubernetesChecks.version(),
        GatewayApiChecks.category(),
        PreInstallChecks.category(),
        CustomResourceChecks.category(),
        ExistenceChecks.category(),
        ConfigChecks.category(),
        CniChecks.category(),
        IdentityChecks.category(),
        WebhookChecks.category(),
        DataPlaneIdentityChecks.category(),
        VersionChecks.cli(),
        VersionChecks.controlPlane(),
        ControlPlaneProxyChecks.category(),
        DataPlaneChecks.category(),
        AvailabilityChecks.category(),
        ExtensionChecks.category());
  }

  /** Those of a mode. */
  static List<Category> of(CheckMode mode) {
    return all().stream().filter(category -> category.modes().contains(mode)).toList();
  }
}
