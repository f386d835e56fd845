package dev.weft.policy.outbound;

import dev.weft.mesh.IpAddr;
import dev.weft.mesh.PortRange;
import dev.weft.policy.PolicyRef;
import java.time.Duration;

/**
 * Where traffic can go. Equal backends may share connections and balancer.
 *
 * @param ref the object, a Service or EgressNetwork with namespace and port; or a default
 * @param dispatcher how an endpoint is found
 * @param queue what happens while none is ready
 */
public record Backend(PolicyRef ref, Dispatcher dispatcher, Queue queue) {

  /** How an endpoint is found. */
  public sealed interface Dispatcher {
    /**
     * Among the endpoints of a name, by load.
     *
     * @param authority what discovery is asked for, {@code name.namespace.svc.domain:port}
     * @param load how the load of an endpoint is estimated
     */
    record Balancer(String authority, Load load) implements Dispatcher {}

    /**
     * It is this address.
     *
     * @param ip the address
     * @param port 1 to 65535
     */
    record Forward(IpAddr ip, int port) implements Dispatcher {
      /** Checks the port. */
      public Forward {
        if (port < 1 || port > PortRange.MAX_PORT) {
          throw new IllegalArgumentException(
              "forward port " + port + " refused; fix: 1 to " + PortRange.MAX_PORT);
        }
      }
    }

    /** There is none: whatever reaches the backend fails, usually in a filter before it. */
    record None() implements Dispatcher {}
  }

  /** How the load of an endpoint is estimated. */
  public sealed interface Load {
    /** What applies unless a policy says otherwise. */
    Load DEFAULT = new PeakEwma(Duration.ofMillis(30), Duration.ofSeconds(10));

    /** The latency an endpoint is taken to have before it was measured. */
    Duration defaultRtt();

    /** The time in which old measurements fade. */
    Duration decay();

    /**
     * By latency and what is outstanding.
     *
     * @param defaultRtt see {@link Load#defaultRtt}
     * @param decay see {@link Load#decay}
     */
    record PeakEwma(Duration defaultRtt, Duration decay) implements Load {}

    /**
     * The same, answers of an overloaded endpoint counting as very slow ones.
     *
     * @param defaultRtt see {@link Load#defaultRtt}
     * @param decay see {@link Load#decay}
     * @param penalty latency recorded for a failure without a hint when to come again
     * @param maxRetryAfter the longest hint that is believed
     * @param penaltyDecay the time in which a penalty fades
     */
    record PenaltyPeakEwma(
        Duration defaultRtt,
        Duration decay,
        Duration penalty,
        Duration maxRetryAfter,
        Duration penaltyDecay)
        implements Load {}
  }

  /**
   * What happens while no endpoint is ready, by the policy; a proxy may use its own.
   *
   * @param capacity requests or connections that may wait
   * @param failfastTimeout how long they wait before all are failed
   */
  public record Queue(int capacity, Duration failfastTimeout) {
    /** What the control plane sends for every backend. */
    public static final Queue DEFAULT = new Queue(100, Duration.ofSeconds(3));
  }
}
