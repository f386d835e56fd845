package dev.weft.kit.webhook;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The admission webhook of a service; prefix {@code weft.webhook}. */
@ConfigMapping(prefix = "weft.webhook")
public interface WebhookConfig {
  /**
   * Whether to serve one. Default false; the injector and the policy service set true. Where
   * objects come from directories and no certificate is given there is none all the same.
   */
  @WithDefault("false")
  boolean enabled();

  /** Address to bind. Default {@code 0.0.0.0}. */
  @WithDefault("0.0.0.0")
  String host();

  /**
   * TCP port, 0 to 65535; 0 takes a free one. No default here: the injector 8443, the policy
   * service 9443.
   */
  @WithDefault("0")
  @Min(0)
  @Max(65535)
  int port();

  /** The namespace of the control plane, a DNS label. Default {@code linkerd}. */
  @WithDefault("linkerd")
  @Pattern(regexp = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
  String namespace();

  /**
   * The Service which the API server calls: the certificate is for {@code
   * <service>.<namespace>.svc}. The injector and the policy service each have their own.
   */
  @WithDefault("webhook")
  @Pattern(regexp = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
  String service();

  /**
   * Names this replica among those that share a certificate. Default: the variable {@code
   * HOSTNAME}, in a cluster the pod's name.
   */
  @WithDefault("${HOSTNAME:standalone}")
  String replica();

  /** More names and addresses for the certificate. Default: none. */
  Optional<List<String>> names();

  /** How the serving certificate comes about. */
  Tls tls();

  /**
   * How long the listener goes on after the application was told to stop, so that the API server
   * learns of it; 0 s to 1 min. Default 3 s.
   */
  @WithDefault("3S")
  Duration drain();

  /** See {@link #tls()}. */
  interface Tls {
    /**
     * A directory with {@code tls.crt} and {@code tls.key}, PEM, which somebody else renews; read
     * again when they change. The webhook configuration is left alone then. Default: none, which
     * means that the service makes its own certificate.
     */
    Optional<Path> directory();

    /** The Secret, in {@link #namespace()}, by which replicas share their own certificate. */
    @WithDefault("webhook-k8s-tls")
    String secret();

    /** The webhook configuration whose {@code caBundle} is kept up to date. */
    @WithDefault("webhook-config")
    String configuration();

    /** Its kind. */
    @WithDefault("validating")
    ConfigurationKind configurationKind();

    /** How long a certificate of one's own is valid; 1 min to 10 years. Default 365 days. */
    @WithDefault("365D")
    Duration lifetime();

    /** How long before its end it is replaced; less than the lifetime. Default 120 days. */
    @WithDefault("120D")
    Duration renewBefore();

    /**
     * How long the API server trusts old and new while one replaces the other; 1 s to 1 day.
     * Default 10 min.
     */
    @WithDefault("10M")
    Duration overlap();

    /** How often files or Secret are looked at; 10 ms to 10 min. Default 5 s. */
    @WithDefault("5S")
    Duration check();
  }

  /** The two kinds of webhook configurations. */
  enum ConfigurationKind {
    /** One that changes objects. */
    MUTATING,
    /** One that only judges. */
    VALIDATING
  }
}
