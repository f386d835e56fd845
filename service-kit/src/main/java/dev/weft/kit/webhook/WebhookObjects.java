package dev.weft.kit.webhook;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The two objects of a cluster that a self-made certificate lives in. Calls block. */
interface WebhookObjects {
  /**
   * A Secret as it was found.
   *
   * @param texts its data, decoded
   * @param since value of the annotation {@link ServingState#SINCE}
   * @param version for a later {@link #replace}
   */
  record Found(Map<String, String> texts, @Nullable String since, String version) {
    public Found {
      texts = Map.copyOf(texts);
    }
  }

  /** The Secret, if it is there. */
  Optional<Found> read() throws IOException;

  /**
   * Creates the Secret.
   *
   * @return whether that worked; false if somebody else was faster
   */
  boolean create(ServingState state) throws IOException;

  /**
   * Replaces the Secret's content.
   *
   * @param version of what was read before
   * @return whether that worked; false if somebody else was faster
   */
  boolean replace(ServingState state, String version) throws IOException;

  /**
   * Sees to it that every webhook of the configuration trusts exactly this. Without a configuration
   * nobody calls, and all is well.
   *
   * @return whether it does now; false if somebody else was faster
   */
  boolean publish(String bundle) throws IOException;
}
