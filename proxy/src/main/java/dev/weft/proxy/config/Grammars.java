package dev.weft.proxy.config;

import dev.weft.mesh.Authority;
import dev.weft.mesh.Cidr;
import dev.weft.mesh.IpAddr;
import dev.weft.mesh.PortSet;
import dev.weft.proxy.tls.PeerId;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The grammars of the contract's variables (facts/proxy.md 1.5). Every reader throws {@link
 * IllegalArgumentException} with cause and fix.
 */
final class Grammars {
  private static final Pattern DURATION = Pattern.compile("\\s*(\\d{1,18})(ms|s|m|h|d)\\s*");
  private static final Pattern ZERO = Pattern.compile("\\s*0+\\s*");
  private static final long MAX_U32 = 0xffff_ffffL;
  private static final int MAX_PORT = 65_535;

  private Grammars() {}

  /** {@code 10s}, {@code 300ms}, {@code 0}; no fractions, no blank before the unit. */
  static Duration duration(String text) {
    if (ZERO.matcher(text).matches()) {
      return Duration.ZERO;
    }
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw refused("not a duration", "a number and one of ms, s, m, h, d, such as 10s");
    }
    long number = Long.parseLong(matcher.group(1));
    try {
      Duration duration =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
          };
      return Duration.ofNanos(duration.toNanos());
    } catch (ArithmeticException _) {
      throw refused("longer than 292 years", "a shorter duration");
    }
  }

  /** A duration, or null for an empty text. */
  static @Nullable Duration durationOrNothing(String text) {
    return text.isEmpty() ? null : duration(text);
  }

  /** {@code true} or {@code false}, exactly. */
  static boolean bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw refused("neither true nor false", "write it exactly so");
    };
  }

  /** An integer from 0 to 2³¹-1; larger 32-bit numbers count as that bound. */
  static int unsigned(String text) {
    try {
      long value = Long.parseLong(text);
      if (value >= 0 && value <= MAX_U32 && text.charAt(0) != '+') {
        return (int) Math.min(value, Integer.MAX_VALUE);
      }
    } catch (NumberFormatException _) {
      // Told below.
    }
    throw refused("not an unsigned 32-bit number", "decimal digits");
  }

  /** An integer of at least 1. */
  static int positive(String text) {
    int value = unsigned(text);
    if (value == 0) {
      throw refused("below 1", "1 or more");
    }
    return value;
  }

  /** A number above 0 and up to 1. */
  static double ratio(String text) {
    double value = number(text);
    if (!(value > 0 && value <= 1)) {
      throw refused("not a ratio", "above 0, up to 1");
    }
    return value;
  }

  /** A number from 0 to 100. */
  static double jitter(String text) {
    double value = number(text);
    if (!(value >= 0 && value <= 100)) {
      throw refused("out of range", "0 to 100");
    }
    return value;
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException _) {
      throw refused("not a number", "decimal digits and a point");
    }
  }

  /** {@code ip:port}, IPv6 in brackets; the port may be 0. */
  static InetSocketAddress socketAddress(String text) {
    int colon = text.lastIndexOf(':');
    if (colon > 0) {
      String host = text.substring(0, colon);
      boolean bracketed = host.startsWith("[") && host.endsWith("]");
      String literal = bracketed ? host.substring(1, host.length() - 1) : host;
      int port = port(text.substring(colon + 1));
      IpAddr ip = IpAddr.tryParse(literal).orElse(null);
      if (ip != null && port >= 0 && ip.isV6() == bracketed) {
        return new InetSocketAddress(ip.toInetAddress(), port);
      }
    }
    throw refused("not a socket address", "ip:port or [ipv6]:port");
  }

  private static int port(String digits) {
    if (digits.isEmpty()
        || digits.length() > 5
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    int port = Integer.parseInt(digits);
    return port <= MAX_PORT ? port : -1;
  }

  /** One or two socket addresses. */
  static List<InetSocketAddress> listenAddresses(String text) {
    List<InetSocketAddress> found = new ArrayList<>();
    for (String item : items(text)) {
      found.add(socketAddress(item));
    }
    if (found.isEmpty() || found.size() > 2) {
      throw refused(found.size() + " addresses", "one, or one of each family");
    }
    return found;
  }

  /** {@code ip:port} or {@code name:port}. */
  static Authority authority(String text) {
    Authority authority = Authority.tryParse(text).filter(Authority::hasPort).orElse(null);
    if (authority == null) {
      throw refused("not an address", "ip:port or name:port");
    }
    return authority;
  }

  /** Ports and ranges of ports. */
  static PortSet ports(String text) {
    return PortSet.parseStrict(String.join(",", items(text)))
        .orElseThrow(() -> refused("not a list of ports", "80,443,8000-8100"));
  }

  /** Blocks and bare addresses. */
  static List<Cidr> networks(String text) {
    List<Cidr> found = new ArrayList<>();
    for (String item : items(text)) {
      found.add(
          Cidr.tryParse(item)
              .orElseThrow(() -> refused("'" + item + "' is no network", "10.0.0.0/8,fd00::/8")));
    }
    return found;
  }

  /** Addresses. */
  static Set<IpAddr> ips(String text) {
    Set<IpAddr> found = new LinkedHashSet<>();
    for (String item : items(text)) {
      found.add(ip(item));
    }
    return found;
  }

  /** An address. */
  static IpAddr ip(String text) {
    return IpAddr.tryParse(text)
        .orElseThrow(() -> refused("'" + text + "' is no IP address", "10.0.0.1 or fd00::1"));
  }

  /** DNS suffixes; {@code .} is everything. */
  static DnsSuffixes suffixes(String text) {
    List<String> found = new ArrayList<>();
    for (String item : items(text)) {
      String plain = item.endsWith(".") ? item.substring(0, item.length() - 1) : item;
      if (!plain.isEmpty() && !PeerId.isDnsName(plain)) {
        throw refused("'" + item + "' is no DNS suffix", "svc.cluster.local.,example.com");
      }
      found.add(item);
    }
    return new DnsSuffixes(found);
  }

  /** A DNS name without trailing dot. */
  static PeerId dnsName(String text) {
    if (!PeerId.isDnsName(text)) {
      throw refused("not a DNS name", "labels joined by dots, without a dot at the end");
    }
    return PeerId.dns(text);
  }

  /** A DNS name or a URI. */
  static PeerId identity(String text) {
    return PeerId.parse(text)
        .orElseThrow(() -> refused("neither a DNS name nor a URI", "the name of a workload"));
  }

  /** One of the constants, in lower case. */
  static <E extends Enum<E>> E oneOf(Class<E> type, String text) {
    List<String> names = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      String name = constant.name().toLowerCase(Locale.ROOT);
      if (name.equals(text)) {
        return constant;
      }
      names.add(name);
    }
    throw refused("unknown", "one of " + String.join(", ", names));
  }

  static IllegalArgumentException refused(String cause, String fix) {
    return new IllegalArgumentException("cause: " + cause + "; fix: " + fix);
  }

  /** The items of a comma list, trimmed, blank ones left out. */
  private static List<String> items(String text) {
    List<String> found = new ArrayList<>();
    for (String item : text.split(",", -1)) {
      if (!item.isBlank()) {
        found.add(item.strip());
      }
    }
    return found;
  }
}
