package dev.weft.proxy.tap;

import dev.weft.api.httptypes.HttpMethod;
import dev.weft.api.httptypes.Scheme;
import dev.weft.api.tap.ObserveRequest.Match;
import dev.weft.mesh.Cidr;
import dev.weft.mesh.IpAddr;
import dev.weft.proxy.http.RequestHead;
import io.netty.util.AsciiString;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Which requests a tap wants: compiled once per call, then asked on the loops of requests. Pure.
 *
 * <p>Source: facts/proxy-api.md 13 and 19.2.
 */
@FunctionalInterface
interface TapMatch {
  /** Nesting that is followed; a deeper tree is refused rather than followed into the stack. */
  int MAX_DEPTH = 16;

  int MAX_PORT = 65_535;

  /** Whether the request is wanted. */
  boolean matches(TapSubject subject, RequestHead head);

  /**
   * Compiles a match.
   *
   * @throws IllegalArgumentException if a part is missing, empty or out of range
   */
  static TapMatch of(Match match) {
    return of(match, 0);
  }

  private static TapMatch of(Match match, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException("the match is nested more than " + MAX_DEPTH + " deep");
    }
    return switch (match.getMatchCase()) {
      case ALL -> {
        List<TapMatch> parts = parts(match.getAll(), depth);
        yield (subject, head) -> parts.stream().allMatch(p -> p.matches(subject, head));
      }
      case ANY -> {
        List<TapMatch> parts = parts(match.getAny(), depth);
        yield (subject, head) -> parts.stream().anyMatch(p -> p.matches(subject, head));
      }
      case NOT -> {
        TapMatch inner = of(match.getNot(), depth + 1);
        yield (subject, head) -> !inner.matches(subject, head);
      }
      case SOURCE -> {
        Predicate<InetSocketAddress> tcp = tcp(match.getSource());
        yield (subject, _) -> tcp.test(subject.source());
      }
      case DESTINATION -> {
        Predicate<InetSocketAddress> tcp = tcp(match.getDestination());
        yield (subject, _) -> tcp.test(subject.destination());
      }
      case HTTP -> http(match.getHttp());
      case DESTINATION_LABEL -> label(match.getDestinationLabel(), TapSubject::destinationLabels);
      case ROUTE_LABEL -> label(match.getRouteLabel(), TapSubject::routeLabels);
      case MATCH_NOT_SET -> throw new IllegalArgumentException("a match is missing");
    };
  }

  private static List<TapMatch> parts(Match.Seq seq, int depth) {
    List<TapMatch> parts = new ArrayList<>();
    for (Match part : seq.getMatchesList()) {
      if (part.getMatchCase() != Match.MatchCase.MATCH_NOT_SET) {
        parts.add(of(part, depth + 1));
      }
    }
    return List.copyOf(parts);
  }

  private static TapMatch label(
      Match.Label label, Function<TapSubject, Map<String, String>> labels) {
    String key = label.getKey();
    String value = label.getValue();
    if (key.isEmpty() || value.isEmpty()) {
      throw new IllegalArgumentException("a label match needs key and value");
    }
    return (subject, _) -> value.equals(labels.apply(subject).get(key));
  }

  private static Predicate<InetSocketAddress> tcp(Match.Tcp tcp) {
    return switch (tcp.getMatchCase()) {
      case NETMASK -> {
        Cidr network = network(tcp.getNetmask());
        yield address -> network.contains(IpAddr.of(address.getAddress()));
      }
      case PORTS -> {
        int min = tcp.getPorts().getMin();
        int max = tcp.getPorts().getMax();
        int first = min == 0 ? max : min;
        int last = max == 0 ? min : max;
        if (first <= 0 || last > MAX_PORT || first > last) {
          throw new IllegalArgumentException("port range " + first + "-" + last + " is none");
        }
        yield address -> address.getPort() >= first && address.getPort() <= last;
      }
      case MATCH_NOT_SET -> throw new IllegalArgumentException("a TCP match is missing");
    };
  }

  private static Cidr network(Match.Tcp.Netmask netmask) {
    if (netmask.getMask() < 1) {
      throw new IllegalArgumentException("a network's mask is 1 at least");
    }
    IpAddr ip =
        switch (netmask.getIp().getIpCase()) {
          case IPV4 -> IpAddr.v4(netmask.getIp().getIpv4());
          case IPV6 ->
              IpAddr.v6(netmask.getIp().getIpv6().getFirst(), netmask.getIp().getIpv6().getLast());
          case IP_NOT_SET -> throw new IllegalArgumentException("a network has no address");
        };
    return new Cidr(ip, netmask.getMask());
  }

  private static TapMatch http(Match.Http http) {
    return switch (http.getMatchCase()) {
      case SCHEME -> {
        String scheme = name(http.getScheme());
        yield (_, head) -> scheme.equals(head.scheme.isEmpty() ? "http" : head.scheme.toString());
      }
      case METHOD -> {
        String method = name(http.getMethod());
        yield (_, head) -> head.method.contentEquals(method);
      }
      case AUTHORITY -> {
        Predicate<String> text = text(http.getAuthority());
        yield (_, head) -> text.test(head.effectiveAuthority().toString());
      }
      case PATH -> {
        Predicate<String> text = text(http.getPath());
        yield (_, head) -> text.test(path(head));
      }
      case MATCH_NOT_SET -> throw new IllegalArgumentException("an HTTP match is missing");
    };
  }

  private static Predicate<String> text(Match.Http.StringMatch match) {
    return switch (match.getMatchCase()) {
      case EXACT -> match.getExact()::equals;
      case PREFIX -> text -> text.startsWith(match.getPrefix());
      case MATCH_NOT_SET -> throw new IllegalArgumentException("a string match is missing");
    };
  }

  /** The path without query. */
  static String path(RequestHead head) {
    AsciiString path = head.path;
    int query = path.indexOf('?', 0);
    return (query < 0 ? path : path.subSequence(0, query)).toString();
  }

  private static String name(Scheme scheme) {
    return switch (scheme.getTypeCase()) {
      case REGISTERED -> scheme.getRegistered().name().toLowerCase(Locale.ROOT);
      case UNREGISTERED -> scheme.getUnregistered();
      case TYPE_NOT_SET -> throw new IllegalArgumentException("a scheme is missing");
    };
  }

  private static String name(HttpMethod method) {
    return switch (method.getTypeCase()) {
      case REGISTERED -> method.getRegistered().name();
      case UNREGISTERED -> method.getUnregistered();
      case TYPE_NOT_SET -> throw new IllegalArgumentException("a method is missing");
    };
  }
}
