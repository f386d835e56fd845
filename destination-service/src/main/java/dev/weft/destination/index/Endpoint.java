package dev.weft.destination.index;

import dev.weft.mesh.IpAddr;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One place where a port is served, with all a client must know to talk to it.
 *
 * @param address where
 * @param labels metric labels
 * @param identity whom to expect; empty for plaintext
 * @param hint what its proxy understands
 * @param opaqueTransportPort the port of its proxy that takes the transport header; 0 for none
 * @param tunedHttp2 whether the mesh's HTTP/2 settings apply
 * @param authorityOverride the authority to ask for; empty for none
 * @param place what decides which clients are sent there
 */
public record Endpoint(
    Address address,
    Map<String, String> labels,
    Optional<PeerIdentity> identity,
    Hint hint,
    int opaqueTransportPort,
    boolean tunedHttp2,
    String authorityOverride,
    Place place) {
  /** Copies the labels. */
  public Endpoint {
    labels = Map.copyOf(labels);
  }

  /** A place about which nothing is known but where it is. */
  static Endpoint unknown(Address address) {
    return new Endpoint(
        address, Map.of(), Optional.empty(), Hint.NONE, 0, false, "", Place.UNKNOWN);
  }

  /**
   * Where.
   *
   * @param ip the IP address
   * @param port the port
   */
  public record Address(IpAddr ip, int port) {}

  /** What an endpoint's proxy understands. */
  public enum Hint {
    /** There is none, or it says nothing. */
    NONE,
    /** HTTP/2, and HTTP/1 carried over it. */
    H2,
    /** Bytes only. */
    OPAQUE
  }

  /** Whom to expect behind an address. */
  public sealed interface PeerIdentity {
    /**
     * A DNS name.
     *
     * @param name the identity
     * @param serverName the name to ask for; empty for the identity itself
     */
    record Dns(String name, String serverName) implements PeerIdentity {}

    /**
     * A URI.
     *
     * @param uri the identity
     * @param serverName the name to ask for
     */
    record Uri(String uri, String serverName) implements PeerIdentity {}
  }

  /**
   * What decides which clients are sent there.
   *
   * @param hostname its name within the Service; empty for none
   * @param nodeName the node of the pod there; empty where unknown or no pod
   * @param zone its zone; empty where unknown
   * @param zoneHints the zones whose clients should use it; empty for no hint
   */
  public record Place(String hostname, String nodeName, String zone, List<String> zoneHints) {
    static final Place UNKNOWN = new Place("", "", "", List.of());

    /** Copies the hints. */
    public Place {
      zoneHints = List.copyOf(zoneHints);
    }
  }
}
