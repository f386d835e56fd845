package dev.weft.proxy.control;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A route of a ServiceProfile, as the destination service tells it. Immutable; patterns are known
 * to compile.
 *
 * <p>Source: facts/proxy-api.md, {@code destination.Route}.
 *
 * @param condition which requests it is for
 * @param classes how responses count, the first that holds decides; empty for the usual rule
 * @param labels for metrics, without {@code rt_}
 * @param retryable whether failures are asked for again, within the profile's budget
 * @param timeout until the head of the response, retries included; null for none
 */
public record ProfileRoute(
    Condition condition,
    List<ResponseClass> classes,
    Map<String, String> labels,
    boolean retryable,
    @Nullable Duration timeout) {

  public ProfileRoute {
    classes = List.copyOf(classes);
    labels = Map.copyOf(labels);
  }

  /** Which requests are meant. */
  public sealed interface Condition {
    /** All of these hold; none always does. */
    record All(List<Condition> parts) implements Condition {
      public All {
        parts = List.copyOf(parts);
      }
    }

    /** One of these holds; none never does. */
    record Any(List<Condition> parts) implements Condition {
      public Any {
        parts = List.copyOf(parts);
      }
    }

    /** It does not hold. */
    record Not(Condition part) implements Condition {}

    /** The whole path, without query, matches a pattern. */
    record Path(String regex) implements Condition {}

    /** The method is this one. */
    record Method(String name) implements Condition {}
  }

  /**
   * How some responses count.
   *
   * @param failure whether as failures
   */
  public record ResponseClass(ResponseCondition condition, boolean failure) {}

  /** Which responses are meant. */
  public sealed interface ResponseCondition {
    /** Whether it holds for an HTTP status. */
    boolean holds(int status);

    /** All of these hold; none always does. */
    record All(List<ResponseCondition> parts) implements ResponseCondition {
      public All {
        parts = List.copyOf(parts);
      }

      @Override
      public boolean holds(int status) {
        return parts.stream().allMatch(part -> part.holds(status));
      }
    }

    /** One of these holds; none never does. */
    record Any(List<ResponseCondition> parts) implements ResponseCondition {
      public Any {
        parts = List.copyOf(parts);
      }

      @Override
      public boolean holds(int status) {
        return parts.stream().anyMatch(part -> part.holds(status));
      }
    }

    /** It does not hold. */
    record Not(ResponseCondition part) implements ResponseCondition {
      @Override
      public boolean holds(int status) {
        return !part.holds(status);
      }
    }

    /** The status is within these, both included. */
    record Status(int first, int last) implements ResponseCondition {
      @Override
      public boolean holds(int status) {
        return first <= status && status <= last;
      }
    }
  }

  /**
   * How many retries all routes of a profile may cause.
   *
   * @param ttl how long a request counts
   * @param minPerSecond retries per second that need no requests
   * @param ratio retries per request
   */
  public record Budget(Duration ttl, int minPerSecond, double ratio) {}
}
