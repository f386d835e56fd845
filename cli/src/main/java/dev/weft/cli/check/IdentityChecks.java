package dev.weft.cli.check;

import dev.weft.cli.kube.InstalledIdentity;
import dev.weft.pki.AuthorityRules;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.util.List;

/** Whether trust anchors and issuer are such that proxies get certificates. */
final class IdentityChecks {
  private IdentityChecks() {}

  static Category category() {
    return Category.installed(
        "linkerd-identity",
        Check.of(
                "l5d-identity-cert-config-valid",
                "trust anchors and issuer can be read, and the key is that of the issuer",
                context -> {
                  var _ = read(context);
                  return Result.ok();
                })
            .fatal(),
        anchors(
                "l5d-identity-trustAnchors-use-supported-crypto",
                "trust anchors use supported algorithms",
                (identity, _) -> AuthorityRules.anchorAlgorithms(identity.anchors().certificates()))
            .fatal(),
        anchors(
                "l5d-identity-trustAnchors-are-time-valid",
                "trust anchors are valid now",
                (identity, context) ->
                    AuthorityRules.validity(identity.anchors().certificates(), context.now()))
            .fatal(),
        anchors(
                "l5d-identity-trustAnchors-not-expiring-soon",
                "trust anchors are valid for 60 days more",
                (identity, context) ->
                    AuthorityRules.expiringSoon(identity.anchors().certificates(), context.now()))
            .warning(),
        anchors(
                "l5d-identity-issuer-cert-uses-supported-crypto",
                "the issuer uses supported algorithms",
                (identity, _) -> AuthorityRules.issuerAlgorithms(identity.issuer()))
            .fatal(),
        anchors(
                "l5d-identity-issuer-cert-is-time-valid",
                "the issuer is valid now",
                (identity, context) ->
                    AuthorityRules.validity(List.of(identity.issuer()), context.now()))
            .fatal(),
        anchors(
                "l5d-identity-issuer-cert-not-expiring-soon",
                "the issuer is valid for 60 days more",
                (identity, context) ->
                    AuthorityRules.expiringSoon(List.of(identity.issuer()), context.now()))
            .warning(),
        Check.of(
            "l5d-identity-issuer-cert-issued-by-trust-anchor",
            "the issuer is signed by a trust anchor",
            IdentityChecks::signed));
  }

  @FunctionalInterface
  private interface Rule {
    List<String> problems(InstalledIdentity identity, CheckContext context);
  }

  private static Check anchors(String id, String description, Rule rule) {
    return Check.of(
        id,
        description,
        context -> Result.ofProblems("certificates", rule.problems(read(context), context)));
  }

  private static Result signed(CheckContext context) {
    InstalledIdentity identity = read(context);
    try {
      identity.anchors().verify(identity.chain(), context.now());
      return Result.ok();
    } catch (CertificateException e) {
      return Result.failed("%s", e.getMessage());
    }
  }

  private static InstalledIdentity read(CheckContext context) {
    String scheme = context.config().map(c -> c.issuerScheme()).orElse("linkerd.io/tls");
    try {
      return InstalledIdentity.read(context.cluster(), context.settings().controlPlane(), scheme);
    } catch (GeneralSecurityException e) {
      throw new CheckFailed(String.valueOf(e.getMessage()));
    }
  }
}
