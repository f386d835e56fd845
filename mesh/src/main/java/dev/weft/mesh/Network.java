package dev.weft.mesh;

import java.util.List;

/**
 * A block of addresses with holes, as policies name clients and egress destinations.
 *
 * @param cidr the block
 * @param except blocks taken out of it; usually inside it, which is not required
 */
public record Network(Cidr cidr, List<Cidr> except) {
  /** Every address of both families: the networks of whoever may come from anywhere. */
  public static final List<Network> ALL = List.of(of(Cidr.ALL_V4), of(Cidr.ALL_V6));

  /** Copies the list. */
  public Network {
    except = List.copyOf(except);
  }

  /** The whole block. */
  public static Network of(Cidr cidr) {
    return new Network(cidr, List.of());
  }

  /** Whether the address is in the block and in none of its holes. Allocates nothing. */
  public boolean contains(IpAddr address) {
    if (!cidr.contains(address)) {
      return false;
    }
    for (int i = 0; i < except.size(); i++) {
      if (except.get(i).contains(address)) {
        return false;
      }
    }
    return true;
  }

  /** {@code 10.0.0.0/8} or {@code 10.0.0.0/8 except 10.1.0.0/16,10.2.0.0/16}. */
  @Override
  public String toString() {
    return except.isEmpty()
        ? cidr.toString()
        : cidr + " except " + String.join(",", except.stream().map(Cidr::toString).toList());
  }
}
