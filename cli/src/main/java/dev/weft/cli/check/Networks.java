package dev.weft.cli.check;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * A set of networks.
 *
 * @param networks at least one
 */
record Networks(List<Network> networks) {
  /**
   * One network.
   *
   * @param address its first address
   * @param bits how many leading bits its addresses share
   */
  record Network(InetAddress address, int bits) {
    /** Whether another network, or a single address, lies inside. */
    boolean contains(Network other) {
      byte[] mine = address.getAddress();
      byte[] theirs = other.address.getAddress();
      if (mine.length != theirs.length || other.bits < bits) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % Byte.SIZE);
        if ((mine[bit / Byte.SIZE] & mask) != (theirs[bit / Byte.SIZE] & mask)) {
          return false;
        }
      }
      return true;
    }

    /**
     * Reads an address, or one with {@code /bits}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static Network parse(String text) {
      String[] parts = text.split("/", 2);
      InetAddress address = InetAddress.ofLiteral(parts[0]);
      int most = address.getAddress().length * Byte.SIZE;
      int bits = parts.length == 1 ? most : Integer.parseInt(parts[1]);
      if (bits < 0 || bits > most) {
        throw new IllegalArgumentException(text + " has more bits than an address");
      }
      return new Network(address, bits);
    }
  }

  Networks {
    networks = List.copyOf(networks);
  }

  static Networks parse(List<String> cidrs) {
    List<Network> networks = new ArrayList<>();
    for (String cidr : cidrs) {
      networks.add(Network.parse(cidr));
    }
    return new Networks(networks);
  }

  /** Whether an address or network lies inside of one of these. */
  boolean contain(String addressOrNetwork) {
    Network wanted = Network.parse(addressOrNetwork);
    return networks.stream().anyMatch(network -> network.contains(wanted));
  }
}
