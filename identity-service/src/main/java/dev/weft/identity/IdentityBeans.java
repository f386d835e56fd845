package dev.weft.identity;

import dev.weft.identity.attest.Attestor;
import dev.weft.identity.attest.JwksAttestor;
import dev.weft.identity.issue.Certification;
import dev.weft.identity.issue.IssuerKeeper;
import dev.weft.identity.issue.LeafSigner;
import dev.weft.identity.kubernetes.KubernetesAdapters;
import dev.weft.identity.standalone.StandaloneDirectory;
import dev.weft.kit.events.EventPublisher;
import dev.weft.mesh.IdentityNames;
import dev.weft.pki.TrustAnchors;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.Clock;
import org.jboss.logging.Logger;

/**
 * Builds the plain parts from the configuration. A part that cannot be built ends the start with
 * its reason.
 */
@Singleton
final class IdentityBeans {
  private static final Logger LOG = Logger.getLogger("dev.weft.identity");

  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  @Produces
  @Singleton
  IdentityNames names(IdentityConfig config) {
    return new IdentityNames(config.controllerNamespace(), config.trustDomain());
  }

  /** Prepares the standalone directory, too: whoever needs a setting finds its files made. */
  @Produces
  @Singleton
  IdentitySettings settings(IdentityConfig config, Clock clock) {
    IdentitySettings settings = IdentitySettings.of(config);
    settings.standalone().ifPresent(directory -> prepare(directory, clock));
    return settings;
  }

  private static void prepare(StandaloneDirectory directory, Clock clock) {
    try {
      LOG.infof(
          "standalone directory ready: directory=%s outcome=%s",
          directory.directory(), directory.prepare(clock));
    } catch (IOException e) {
      throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
    }
  }

  @Produces
  @Singleton
  EventPublisher events(IdentitySettings settings, KubernetesAdapters kubernetes, Clock clock) {
    return settings.keySet().isPresent()
        ? EventPublisher.logging()
        : kubernetes.events(IdentityEvents.COMPONENT, clock);
  }

  @Produces
  @Singleton
  Attestor attestor(
      IdentitySettings settings,
      IdentityConfig config,
      KubernetesAdapters kubernetes,
      IdentityReport report,
      Clock clock) {
    Attestor attestor =
        settings
            .keySet()
            .<Attestor>map(
                location ->
                    JwksAttestor.at(
                        location,
                        config.jwks().refreshInterval(),
                        new JwksAttestor.Rules(
                            config.jwks().issuer(),
                            config.jwks().audience(),
                            config.jwks().clockSkew()),
                        clock,
                        report))
            .orElseGet(kubernetes::tokenReview);
    report.watch(attestor);
    return attestor;
  }

  @Produces
  @Singleton
  IssuerKeeper issuers(IdentitySettings settings, IdentityReport report, Clock clock) {
    try {
      return new IssuerKeeper(
          settings.issuerDirectory(),
          settings.issuerScheme(),
          TrustAnchors.read(settings.trustAnchors()),
          clock,
          report);
    } catch (CertificateException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  @Produces
  @Singleton
  Certification certification(
      IdentityConfig config,
      IdentityNames names,
      IssuerKeeper issuers,
      Attestor attestor,
      Clock clock) {
    return new Certification(
        names,
        issuers,
        attestor,
        new LeafSigner(
            config.issuanceLifetime(), config.clockSkewAllowance(), clock, new SecureRandom()),
        clock);
  }
}
