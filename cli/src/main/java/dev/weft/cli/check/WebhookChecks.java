package dev.weft.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.ObjectKind;
import dev.weft.cli.kube.Secrets;
import dev.weft.pki.AuthorityRules;
import dev.weft.pki.PemCertificates;
import dev.weft.pki.TrustAnchors;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Whether the API server will accept the certificates of the webhooks. */
final class WebhookChecks {
  private static final int DNS_NAME = 2;

  /**
   * A webhook of the control plane.
   *
   * @param service its Service, also the stem of the other names
   * @param kind of its configuration
   * @param optional whether an installation may go without
   */
  private record Webhook(String service, ObjectKind kind, boolean optional) {
    String configuration() {
      return service + "-webhook-config";
    }

    String id() {
      return "l5d-" + service.substring("linkerd-".length()) + "-webhook-cert-";
    }
  }

  private static final Webhook INJECTOR =
      new Webhook("linkerd-proxy-injector", ObjectKind.MUTATING_WEBHOOK, false);
  private static final Webhook PROFILES =
      new Webhook("linkerd-sp-validator", ObjectKind.VALIDATING_WEBHOOK, true);
  private static final Webhook POLICIES =
      new Webhook("linkerd-policy-validator", ObjectKind.VALIDATING_WEBHOOK, true);

  private WebhookChecks() {}

  static Category category() {
    return Category.installed(
        "linkerd-webhooks-and-apisvc-tls",
        valid(INJECTOR),
        lasting(INJECTOR),
        valid(PROFILES),
        lasting(PROFILES),
        valid(POLICIES),
        lasting(POLICIES));
  }

  private static Check valid(Webhook webhook) {
    return Check.of(
            webhook.id() + "valid",
            "the certificate of " + webhook.service() + " is accepted by the API server",
            context -> isAbsent(context, webhook) ? Result.skip() : verify(context, webhook))
        .fatal();
  }

  private static Check lasting(Webhook webhook) {
    return Check.of(
            webhook.id() + "not-expiring-soon",
            "the certificate of " + webhook.service() + " is valid for 60 days more",
            context ->
                isAbsent(context, webhook)
                    ? Result.skip()
                    : Result.ofProblems(
                        "certificates",
                        AuthorityRules.expiringSoon(chain(context, webhook), context.now())))
        .warning();
  }

  private static boolean isAbsent(CheckContext context, Webhook webhook) {
    return webhook.optional()
        && context.cluster().get(webhook.kind(), "", webhook.configuration()).isEmpty();
  }

  private static Result verify(CheckContext context, Webhook webhook) {
    List<X509Certificate> chain = chain(context, webhook);
    String name = webhook.service() + "." + context.settings().controlPlane() + ".svc";
    try {
      TrustAnchors.parse(authority(context, webhook)).verify(chain, context.now());
      return names(chain.getFirst()).contains(name)
          ? Result.ok()
          : Result.failed("it is for %s, not for %s", names(chain.getFirst()), name);
    } catch (CertificateException e) {
      return Result.failed("%s", e.getMessage());
    }
  }

  /** The authority which the API server was told. */
  private static String authority(CheckContext context, Webhook webhook) {
    KubeObject configuration =
        context
            .cluster()
            .get(webhook.kind(), "", webhook.configuration())
            .orElseThrow(() -> new CheckFailed(webhook.configuration() + " is missing"));
    List<JsonNode> hooks = configuration.list("/webhooks");
    if (hooks.size() != 1) {
      throw new CheckFailed(
          "%s has %d webhooks, not one".formatted(webhook.configuration(), hooks.size()));
    }
    String bundle = hooks.getFirst().at("/clientConfig/caBundle").asText("");
    if (bundle.isEmpty()) {
      throw new CheckFailed(webhook.configuration() + " has no caBundle");
    }
    return new String(Base64.getMimeDecoder().decode(bundle), StandardCharsets.UTF_8);
  }

  private static List<X509Certificate> chain(CheckContext context, Webhook webhook) {
    String current = webhook.service() + "-k8s-tls";
    String old = webhook.service() + "-tls";
    KubeObject secret =
        context
            .own(ObjectKind.SECRET, current)
            .or(() -> context.own(ObjectKind.SECRET, old))
            .orElseThrow(() -> new CheckFailed("Secret " + current + " is missing"));
    Map<String, String> texts = Secrets.texts(secret);
    try {
      return PemCertificates.parse(
          texts.getOrDefault("tls.crt", texts.getOrDefault("crt.pem", "")));
    } catch (CertificateException e) {
      throw new CheckFailed("Secret %s: %s".formatted(secret.name(), e.getMessage()));
    }
  }

  private static List<String> names(X509Certificate certificate) throws CertificateException {
    var names = certificate.getSubjectAlternativeNames();
    return names == null
        ? List.of()
        : names.stream()
            .filter(name -> name.getFirst().equals(DNS_NAME))
            .map(name -> String.valueOf(name.get(1)))
            .toList();
  }
}
