package dev.weft.kit.webhook;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The Secret and the webhook configuration in a cluster. The Secret belongs to the configuration,
 * so that it goes with it. Borrows the client.
 */
final class KubernetesWebhookObjects implements WebhookObjects {
  private static final Logger LOG = Logger.getLogger(KubernetesWebhookObjects.class);
  private static final int CONFLICT = 409;

  private final KubernetesClient client;
  private final String namespace;
  private final String secret;
  private final String configuration;
  private final WebhookConfig.ConfigurationKind kind;

  /** As it was read last; what others wrote into its metadata is kept. Used by one thread. */
  private @Nullable Secret lastRead;

  private boolean missing;

  KubernetesWebhookObjects(KubernetesClient client, WebhookConfig config) {
    this.client = client;
    this.namespace = config.namespace();
    this.secret = config.tls().secret();
    this.configuration = config.tls().configuration();
    this.kind = config.tls().configurationKind();
  }

  @Override
  public Optional<Found> read() throws IOException {
    Secret found =
        call("read Secret", () -> client.secrets().inNamespace(namespace).withName(secret).get());
    lastRead = found;
    if (found == null) {
      return Optional.empty();
    }
    Map<String, String> texts = new HashMap<>();
    if (found.getData() != null) {
      found.getData().forEach((key, value) -> texts.put(key, decode(value)));
    }
    Map<String, String> annotations = found.getMetadata().getAnnotations();
    return Optional.of(
        new Found(
            texts,
            annotations == null ? null : annotations.get(ServingState.SINCE),
            found.getMetadata().getResourceVersion()));
  }

  private static String decode(String base64) {
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return "";
    }
  }

  @Override
  public boolean create(ServingState state) throws IOException {
    return unlessConflict(
        "create Secret",
        () -> client.secrets().inNamespace(namespace).resource(secret(state)).create());
  }

  @Override
  public boolean replace(ServingState state, String version) throws IOException {
    Secret found = lastRead;
    if (found == null) {
      return false;
    }
    return unlessConflict(
        "update Secret",
        () ->
            client
                .secrets()
                .inNamespace(namespace)
                .resource(changed(found, state, version))
                .update());
  }

  private Secret secret(ServingState state) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName(secret)
        .withNamespace(namespace)
        .addToLabels("linkerd.io/control-plane-ns", namespace)
        .addToAnnotations(ServingState.SINCE, state.since().toString())
        .withOwnerReferences(owner())
        .endMetadata()
        .withType("kubernetes.io/tls")
        .withStringData(state.texts())
        .build();
  }

  /** A Secret's type cannot change, and its metadata may belong to whoever installed it. */
  private Secret changed(Secret found, ServingState state, String version) {
    return new SecretBuilder(found)
        .editMetadata()
        .withResourceVersion(version)
        .addToAnnotations(ServingState.SINCE, state.since().toString())
        .endMetadata()
        .withData(null)
        .withStringData(state.texts())
        .build();
  }

  private List<OwnerReference> owner() {
    HasMetadata owner = configurationObject();
    return owner == null
        ? List.of()
        : List.of(
            new OwnerReferenceBuilder()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .build());
  }

  private @Nullable HasMetadata configurationObject() {
    return switch (kind) {
      case MUTATING -> mutating();
      case VALIDATING -> validating();
    };
  }

  private @Nullable MutatingWebhookConfiguration mutating() {
    return client
        .admissionRegistration()
        .v1()
        .mutatingWebhookConfigurations()
        .withName(configuration)
        .get();
  }

  private @Nullable ValidatingWebhookConfiguration validating() {
    return client
        .admissionRegistration()
        .v1()
        .validatingWebhookConfigurations()
        .withName(configuration)
        .get();
  }

  @Override
  public boolean publish(String bundle) throws IOException {
    String encoded = Base64.getEncoder().encodeToString(bundle.getBytes(StandardCharsets.UTF_8));
    HasMetadata found = call("read " + configuration, this::configurationObject);
    if (found == null) {
      if (!missing) {
        LOG.warnf(
            "nobody calls the webhook: configuration=%s; cause: it is not installed",
            configuration);
      }
      missing = true;
      return true;
    }
    missing = false;
    boolean changed = false;
    for (WebhookClientConfig clientConfig : clientConfigs(found)) {
      changed |= !encoded.equals(clientConfig.getCaBundle());
      clientConfig.setCaBundle(encoded);
    }
    return !changed
        || unlessConflict("update " + configuration, () -> client.resource(found).update());
  }

  private static List<WebhookClientConfig> clientConfigs(HasMetadata found) {
    return switch (found) {
      case MutatingWebhookConfiguration mutating ->
          mutating.getWebhooks().stream().map(webhook -> webhook.getClientConfig()).toList();
      case ValidatingWebhookConfiguration validating ->
          validating.getWebhooks().stream().map(webhook -> webhook.getClientConfig()).toList();
      default -> List.of();
    };
  }

  private static boolean unlessConflict(String what, Supplier<?> call) throws IOException {
    try {
      var _ = call.get();
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == CONFLICT) {
        return false;
      }
      throw failed(what, e);
    }
  }

  private static <T> @Nullable T call(String what, Supplier<@Nullable T> call) throws IOException {
    try {
      return call.get();
    } catch (KubernetesClientException e) {
      throw failed(what, e);
    }
  }

  private static IOException failed(String what, KubernetesClientException e) {
    return new IOException(what + " failed; cause: " + e.getMessage(), e);
  }
}
