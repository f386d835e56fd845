package dev.weft.injector;

import dev.weft.kit.events.EventPublishers;
import dev.weft.kit.webhook.Rehearsal;
import dev.weft.kit.webhook.Webhook;
import dev.weft.resources.ResourceSource;
import dev.weft.resources.Subscription;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Starts the flow of facts; the webhook opens when all are there. */
@Singleton
final class InjectorStartup {
  private static final String COMPONENT = "linkerd-proxy-injector";

  /** A pod as most are. */
  private static final String SAMPLE =
      """
      {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview",
       "request":{"uid":"rehearsal","kind":{"group":"","version":"v1","kind":"Pod"},
         "namespace":"rehearsal","operation":"CREATE","dryRun":true,
         "object":{"apiVersion":"v1","kind":"Pod",
           "metadata":{"generateName":"web-","labels":{"app":"web"},
             "annotations":{"config.linkerd.io/proxy-cpu-request":"100m"}},
           "spec":{"serviceAccountName":"web",
             "containers":[{"name":"web","image":"web:1",
               "ports":[{"name":"http","containerPort":8080},{"containerPort":9090}],
               "readinessProbe":{"httpGet":{"path":"/ready","port":8080}},
               "volumeMounts":[{"name":"token","readOnly":true,
                 "mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}]}],
             "volumes":[{"name":"token","projected":{"sources":[]}}]}}}}
      """;

  private final ResourceSource source;
  private final ClusterFacts facts;
  private @Nullable Subscription subscription;

  InjectorStartup(
      InjectorConfig config,
      LiveInstallation installation,
      ResourceSource source,
      EventPublishers events,
      MeterRegistry meters,
      Webhook webhook) {
    this.source = source;
    this.facts =
        new ClusterFacts(
            () -> {
              PodAdmission admission = admission(config, installation, events, meters);
              webhook.start(admission, new Rehearsal(admission::rehearse, SAMPLE));
            });
  }

  private PodAdmission admission(
      InjectorConfig config,
      LiveInstallation installation,
      EventPublishers events,
      MeterRegistry meters) {
    return new PodAdmission(
        installation,
        facts,
        new InjectionMetrics(meters),
        new InjectionEvents(events.open(COMPONENT)),
        config.lookupWait());
  }

  void start(@Observes StartupEvent event) {
    subscription = source.watch(ClusterFacts.KINDS, facts);
  }

  void stop(@Observes ShutdownEvent event) {
    Subscription running = subscription;
    if (running != null) {
      running.close();
    }
  }
}
