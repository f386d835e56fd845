package dev.weft.cli.check;

import java.util.Optional;

/**
 * What a run of checks is about.
 *
 * @param mode which checks
 * @param controlPlane namespace of the control plane
 * @param cniNamespace namespace of the CNI plugin
 * @param dataPlane namespace of the workloads looked at, empty for all
 * @param cliVersion version of this command line
 * @param newestVersion the newest release, if the user gave it; nobody is asked for it
 * @param cni whether the CNI plugin is expected before the installation
 */
record CheckSettings(
    CheckMode mode,
    String controlPlane,
    String cniNamespace,
    String dataPlane,
    String cliVersion,
    Optional<String> newestVersion,
    boolean cni) {}
