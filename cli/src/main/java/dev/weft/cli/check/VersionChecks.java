package dev.weft.cli.check;

import dev.weft.cli.kube.MeshConfig;
import java.util.EnumSet;
import java.util.List;

/**
 * Whether versions agree. Nobody is asked over the network for the newest release: those checks
 * apply only where the user names it.
 */
final class VersionChecks {
  private VersionChecks() {}

  static Category cli() {
    return new Category(
        "linkerd-version",
        EnumSet.allOf(CheckMode.class),
        List.of(
            Check.of(
                    "l5d-version-latest",
                    "the newest version is known",
                    context ->
                        context.settings().newestVersion().isPresent()
                            ? Result.ok()
                            : Result.skip())
                .warning(),
            newest(
                "l5d-version-cli",
                "this command line is the newest version",
                context -> context.settings().cliVersion())));
  }

  static Category controlPlane() {
    return Category.only(
        CheckMode.DEFAULT,
        "control-plane-version",
        Check.of(
                "l5d-version-control",
                "the version of the control plane can be read",
                context -> {
                  var _ = installed(context);
                  return Result.ok();
                })
            .fatal()
            .retried(),
        newest(
            "l5d-version-control",
            "the control plane is the newest version",
            VersionChecks::installed),
        Check.of(
                "l5d-version-control",
                "the control plane has the version of this command line",
                context -> same(installed(context), context.settings().cliVersion()))
            .warning());
  }

  private interface Source {
    String version(CheckContext context);
  }

  private static Check newest(String id, String description, Source source) {
    return Check.of(
            id,
            description,
            context ->
                context
                    .settings()
                    .newestVersion()
                    .map(newest -> same(source.version(context), newest))
                    .orElseGet(Result::skip))
        .warning();
  }

  static Result same(String found, String wanted) {
    return found.equals(wanted) ? Result.ok() : Result.failed("it is %s, not %s", found, wanted);
  }

  private static String installed(CheckContext context) {
    return context
        .config()
        .map(MeshConfig::version)
        .filter(version -> !version.isEmpty())
        .orElseThrow(() -> new CheckFailed(MeshConfig.NAME + " names no value linkerdVersion"));
  }
}
