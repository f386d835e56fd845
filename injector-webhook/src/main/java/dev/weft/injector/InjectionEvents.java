package dev.weft.injector;

import dev.weft.injection.Outcome;
import dev.weft.injection.SkipReason;
import dev.weft.kit.events.ClusterEvent;
import dev.weft.kit.events.EventPublisher;
import dev.weft.kit.events.EventSubject;
import java.util.stream.Collectors;

/** Tells on the workload what became of its pods. */
final class InjectionEvents {
  private final EventPublisher publisher;

  InjectionEvents(EventPublisher publisher) {
    this.publisher = publisher;
  }

  void tell(PodOwner owner, String namespace, Outcome outcome) {
    EventSubject about =
        new EventSubject(
            owner.apiVersion(),
            owner.owner().kind().kind(),
            namespace,
            owner.owner().name(),
            owner.uid());
    switch (outcome) {
      case Outcome.Patched _ ->
          publisher.publish(ClusterEvent.normal(about, "Injected", "sidecar proxy injected"));
      case Outcome.Skipped skipped ->
          publisher.publish(
              ClusterEvent.normal(
                  about,
                  "InjectionSkipped",
                  "sidecar proxy not injected: "
                      + skipped.reasons().stream()
                          .map(SkipReason::text)
                          .collect(Collectors.joining(", "))));
      case Outcome.Refused _ -> {
        // The denial itself is an event of whoever creates the pods.
      }
    }
  }
}
