package dev.weft.kit.events;

import org.jboss.logging.Logger;

/** Writes events to the debug log. */
final class LoggingEventPublisher implements EventPublisher {
  private static final Logger LOG = Logger.getLogger(LoggingEventPublisher.class);

  @Override
  public void publish(ClusterEvent event) {
    LOG.debugf(
        "event: about=%s/%s/%s severity=%s reason=%s message=%s",
        event.about().kind(),
        event.about().namespace(),
        event.about().name(),
        event.severity(),
        event.reason(),
        event.message());
  }
}
