package dev.weft.injector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.injection.Injector;
import dev.weft.injection.JsonPatch;
import dev.weft.injection.Names;
import dev.weft.injection.NamespaceFacts;
import dev.weft.injection.Outcome;
import dev.weft.kit.webhook.AdmissionHandler;
import dev.weft.kit.webhook.AdmissionRequest;
import dev.weft.kit.webhook.AdmissionVerdict;
import dev.weft.mesh.resource.ResourceKind;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Judges pods and Services that are about to be created. Safe for use by many threads. */
final class PodAdmission implements AdmissionHandler {
  private static final Logger LOG = Logger.getLogger("dev.weft.injector");

  private final LiveInstallation installation;
  private final ClusterFacts facts;
  private final Owners owners;
  private final InjectionMetrics metrics;
  private final InjectionEvents events;
  private final Duration wait;

  PodAdmission(
      LiveInstallation installation,
      ClusterFacts facts,
      InjectionMetrics metrics,
      InjectionEvents events,
      Duration wait) {
    this.installation = installation;
    this.facts = facts;
    this.owners = new Owners(facts, wait);
    this.metrics = metrics;
    this.events = events;
    this.wait = wait;
  }

  @Override
  public AdmissionVerdict review(AdmissionRequest request) {
    Optional<Injector> injector = installation.injector();
    if (injector.isEmpty()) {
      return AdmissionVerdict.deny(
          "the injector has no configuration; cause: %s; fix: see the pod's log"
              .formatted(installation.error().orElse("not read yet")));
    }
    Optional<NamespaceFacts> namespace =
        facts
            .find(ResourceKind.NAMESPACE, "", request.namespace(), wait)
            .map(found -> new NamespaceFacts(request.namespace(), found.meta().annotations()));
    if (namespace.isEmpty()) {
      return AdmissionVerdict.deny(
          "namespace %s is not known to the injector; cause: it was created only just now, or the injector does not see the API server; fix: try again"
              .formatted(request.namespace()));
    }
    return judge(injector.get(), request, namespace.get());
  }

  /** Judges a pod as {@link #review} does, and neither counts nor tells. */
  AdmissionVerdict rehearse(AdmissionRequest request) {
    NamespaceFacts enabled =
        new NamespaceFacts(request.namespace(), Map.of(Names.INJECT, "enabled"));
    return installation
        .injector()
        .map(injector -> verdict(injector.inject(request.object(), enabled, Optional.empty())))
        .orElseGet(AdmissionVerdict::allow);
  }

  private AdmissionVerdict judge(
      Injector injector, AdmissionRequest request, NamespaceFacts namespace) {
    boolean isPod = request.kind().equals("Pod");
    Optional<PodOwner> owner =
        isPod ? owners.of(request.object(), namespace.name()) : Optional.empty();
    String kind =
        owner
            .map(o -> o.owner().kind().lowerCase())
            .orElse(request.kind().toLowerCase(Locale.ROOT));
    InjectionMetrics.Subject subject =
        new InjectionMetrics.Subject(
            kind, namespace.name(), annotations(request.object()), namespace.annotations());
    metrics.requested(subject);
    Outcome outcome =
        isPod
            ? injector.inject(request.object(), namespace, owner.map(PodOwner::owner))
            : injector.annotate(request.object(), namespace);
    metrics.responded(subject, outcome);
    if (!request.dryRun()) {
      owner.ifPresent(o -> events.tell(o, namespace.name(), outcome));
    }
    LOG.debugf(
        "judged: kind=%s namespace=%s owner=%s outcome=%s",
        request.kind(),
        namespace.name(),
        owner.map(PodOwner::owner).orElse(null),
        outcome.getClass().getSimpleName());
    return verdict(outcome);
  }

  private static AdmissionVerdict verdict(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Refused refused -> AdmissionVerdict.deny(refused.message());
      case Outcome.Skipped skipped when skipped.patch().isEmpty() -> AdmissionVerdict.allow();
      case Outcome.Patched _, Outcome.Skipped _ ->
          AdmissionVerdict.patch(JsonPatch.render(outcome.patch()), outcome.warnings());
    };
  }

  private static Map<String, String> annotations(ObjectNode object) {
    Map<String, String> texts = new HashMap<>();
    for (Map.Entry<String, JsonNode> field :
        object.path("metadata").path("annotations").properties()) {
      texts.put(field.getKey(), field.getValue().asText(""));
    }
    return texts;
  }
}
