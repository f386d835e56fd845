package dev.weft.proxy.config;

import dev.weft.mesh.Cidr;
import dev.weft.mesh.IpAddr;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The control plane as this proxy uses it.
 *
 * @param destination endpoints and profiles
 * @param policy inbound and outbound policies
 * @param policyWorkload who we are, sent verbatim with policy requests
 * @param destinationContext who we are, sent verbatim with destination requests
 * @param profileSuffixes names which may be looked up
 * @param profileNetworks addresses which may be looked up
 * @param profileInitialTimeout inbound: how long requests wait for a profile
 * @param streams limits on watch streams
 * @param dnsMinTtl lower bound on the TTL of an answer, null for none
 * @param dnsMaxTtl upper bound on the TTL of an answer, null for none
 */
public record ControlConfig(
    ServiceAddress destination,
    ServiceAddress policy,
    String policyWorkload,
    String destinationContext,
    DnsSuffixes profileSuffixes,
    List<Cidr> profileNetworks,
    Duration profileInitialTimeout,
    StreamLimits streams,
    @Nullable Duration dnsMinTtl,
    @Nullable Duration dnsMaxTtl) {
  private static final Pattern JSON_NAMESPACE =
      Pattern.compile("\"ns\"\\s*:\\s*\"([a-z0-9][-a-z0-9]*)\"");
  private static final Pattern OLD_NAMESPACE = Pattern.compile("ns:([a-z0-9][-a-z0-9]*)\\s*");

  public ControlConfig {
    profileNetworks = List.copyOf(profileNetworks);
  }

  /**
   * Bounds on a watch stream; null is "no bound".
   *
   * @param initial until the first message
   * @param idle between two messages
   * @param lifetime of the whole stream
   */
  public record StreamLimits(
      @Nullable Duration initial, @Nullable Duration idle, @Nullable Duration lifetime) {
    /** No bounds. */
    public static final StreamLimits NONE = new StreamLimits(null, null, null);
  }

  /** Whether endpoints and profile of this address may be looked up. */
  public boolean mayDiscover(IpAddr address) {
    for (Cidr network : profileNetworks) {
      if (network.contains(address)) {
        return true;
      }
    }
    return false;
  }

  /** The namespace this workload lives in, if the destination context tells. */
  public Optional<String> namespace() {
    Matcher json = JSON_NAMESPACE.matcher(destinationContext);
    if (json.find()) {
      return Optional.of(json.group(1));
    }
    Matcher old = OLD_NAMESPACE.matcher(destinationContext);
    return old.matches() ? Optional.of(old.group(1)) : Optional.empty();
  }
}
