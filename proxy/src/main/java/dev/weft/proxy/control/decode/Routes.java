package dev.weft.proxy.control.decode;

import com.google.protobuf.ByteString;
import dev.weft.api.grpcroute.GrpcFailureInjector;
import dev.weft.api.httproute.HttpFailureInjector;
import dev.weft.api.httproute.PathModifier;
import dev.weft.api.httproute.RequestHeaderModifier;
import dev.weft.api.httproute.RequestRedirect;
import dev.weft.api.httproute.ResponseHeaderModifier;
import dev.weft.api.httptypes.Headers;
import dev.weft.api.httptypes.HttpMethod;
import dev.weft.api.httptypes.Scheme;
import dev.weft.policy.InvalidPolicyException;
import dev.weft.policy.route.GrpcFilter;
import dev.weft.policy.route.GrpcRouteMatch;
import dev.weft.policy.route.HeaderMatch;
import dev.weft.policy.route.HeaderModifier;
import dev.weft.policy.route.HostMatch;
import dev.weft.policy.route.HttpFilter;
import dev.weft.policy.route.HttpRouteMatch;
import dev.weft.policy.route.PathMatch;
import dev.weft.policy.route.QueryParamMatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Matches and filters, which inbound and outbound routes share. */
final class Routes {
  private static final int MAX_GRPC_CODE = 0xffff;
  private static final int MIN_STATUS = 100;
  private static final int MAX_STATUS = 999;
  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

  private Routes() {}

  /** Every element decoded, in order. */
  static <A, B> List<B> each(List<A> messages, Function<? super A, ? extends B> decode) {
    List<B> found = new ArrayList<>(messages.size());
    for (A message : messages) {
      found.add(decode.apply(message));
    }
    return found;
  }

  static HostMatch host(dev.weft.api.httproute.HostMatch match) {
    return switch (match.getMatchCase()) {
      case EXACT -> new HostMatch.Exact(match.getExact());
      case SUFFIX -> new HostMatch.Suffix(match.getSuffix().getReverseLabelsList());
      case MATCH_NOT_SET -> throw Values.missing("host match");
    };
  }

  static HostMatch serverName(dev.weft.api.tlsroute.SniMatch match) {
    return switch (match.getMatchCase()) {
      case EXACT -> new HostMatch.Exact(match.getExact());
      case SUFFIX -> new HostMatch.Suffix(match.getSuffix().getReverseLabelsList());
      case MATCH_NOT_SET -> throw Values.missing("server name match");
    };
  }

  static HttpRouteMatch http(dev.weft.api.httproute.HttpRouteMatch match) {
    return new HttpRouteMatch(
        match.hasPath() ? path(match.getPath()) : null,
        each(match.getHeadersList(), Routes::header),
        each(match.getQueryParamsList(), Routes::query),
        match.hasMethod() ? method(match.getMethod()) : null);
  }

  static GrpcRouteMatch grpc(dev.weft.api.grpcroute.GrpcRouteMatch match) {
    if (!match.hasRpc()) {
      throw Values.missing("rpc of a gRPC match");
    }
    return new GrpcRouteMatch(
        match.getRpc().getService(),
        match.getRpc().getMethod(),
        each(match.getHeadersList(), Routes::header));
  }

  private static PathMatch path(dev.weft.api.httproute.PathMatch match) {
    return switch (match.getKindCase()) {
      case EXACT -> new PathMatch.Exact(match.getExact());
      case PREFIX -> new PathMatch.Prefix(match.getPrefix());
      case REGEX -> new PathMatch.Regex(match.getRegex());
      case KIND_NOT_SET -> throw Values.missing("path match");
    };
  }

  private static HeaderMatch header(dev.weft.api.httproute.HeaderMatch match) {
    String name = fieldName(match.getName());
    return switch (match.getValueCase()) {
      case EXACT -> new HeaderMatch.Exact(name, bytes(match.getExact()));
      case REGEX -> new HeaderMatch.Regex(name, match.getRegex());
      case VALUE_NOT_SET -> throw Values.missing("value of the match on header " + name);
    };
  }

  private static QueryParamMatch query(dev.weft.api.httproute.QueryParamMatch match) {
    String name = match.getName();
    if (name.isEmpty()) {
      throw Values.missing("name of a query parameter");
    }
    return switch (match.getValueCase()) {
      case EXACT -> new QueryParamMatch.Exact(name, match.getExact());
      case REGEX -> new QueryParamMatch.Regex(name, match.getRegex());
      case VALUE_NOT_SET -> throw Values.missing("value of the match on query parameter " + name);
    };
  }

  static String method(HttpMethod method) {
    return switch (method.getTypeCase()) {
      case REGISTERED -> {
        if (method.getRegistered() == HttpMethod.Registered.UNRECOGNIZED) {
          throw new InvalidPolicyException(
              "method number " + method.getRegisteredValue() + " is unknown");
        }
        yield method.getRegistered().name();
      }
      case UNREGISTERED -> {
        if (!isToken(method.getUnregistered())) {
          throw new InvalidPolicyException("method '" + method.getUnregistered() + "' is no token");
        }
        yield method.getUnregistered();
      }
      case TYPE_NOT_SET -> throw Values.missing("method");
    };
  }

  static HeaderModifier modifier(RequestHeaderModifier modifier) {
    return modifier(modifier.getAdd(), modifier.getSet(), modifier.getRemoveList());
  }

  static HeaderModifier modifier(ResponseHeaderModifier modifier) {
    return modifier(modifier.getAdd(), modifier.getSet(), modifier.getRemoveList());
  }

  private static HeaderModifier modifier(Headers add, Headers set, List<String> remove) {
    return new HeaderModifier(
        each(add.getHeadersList(), Routes::field),
        each(set.getHeadersList(), Routes::field),
        each(remove, Routes::fieldName));
  }

  private static HeaderModifier.Field field(Headers.Header header) {
    String value = bytes(header.getValue());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f) {
        throw new InvalidPolicyException(
            "value of header " + header.getName() + " refused; cause: control character in it");
      }
    }
    return new HeaderModifier.Field(fieldName(header.getName()), value);
  }

  static HttpFilter.Redirect redirect(RequestRedirect redirect) {
    int status = redirect.getStatus();
    if (status != 0) {
      status(status);
    }
    if (redirect.getPort() < 0 || redirect.getPort() > 0xffff) {
      throw new InvalidPolicyException("redirect to a port above 65535");
    }
    return new HttpFilter.Redirect(
        redirect.hasScheme() ? scheme(redirect.getScheme()) : null,
        redirect.getHost(),
        redirect.hasPath() ? rewrite(redirect.getPath()) : null,
        redirect.getPort(),
        status);
  }

  private static String scheme(Scheme scheme) {
    return switch (scheme.getTypeCase()) {
      case REGISTERED -> {
        if (scheme.getRegistered() == Scheme.Registered.UNRECOGNIZED) {
          throw new InvalidPolicyException(
              "scheme number " + scheme.getRegisteredValue() + " is unknown");
        }
        yield scheme.getRegistered().name().toLowerCase(Locale.ROOT);
      }
      case UNREGISTERED -> scheme.getUnregistered();
      case TYPE_NOT_SET -> throw Values.missing("scheme");
    };
  }

  private static HttpFilter.PathRewrite rewrite(PathModifier modifier) {
    return switch (modifier.getReplaceCase()) {
      case FULL -> new HttpFilter.PathRewrite.Full(rooted(modifier.getFull()));
      case PREFIX -> new HttpFilter.PathRewrite.Prefix(rooted(modifier.getPrefix()));
      case REPLACE_NOT_SET -> throw Values.missing("path rewrite");
    };
  }

  private static String rooted(String path) {
    if (!path.startsWith("/")) {
      throw new InvalidPolicyException("path rewrite to '" + path + "' does not begin with /");
    }
    return path;
  }

  static HttpFilter.Fail fail(HttpFailureInjector injector) {
    return new HttpFilter.Fail(
        status(injector.getStatus()),
        injector.getMessage(),
        injector.hasRatio() ? ratio(injector.getRatio()) : null);
  }

  static GrpcFilter.Fail fail(GrpcFailureInjector injector) {
    int code = injector.getCode();
    if (code < 0 || code > MAX_GRPC_CODE) {
      throw new InvalidPolicyException(
          "gRPC status " + Integer.toUnsignedString(code) + " is none");
    }
    return new GrpcFilter.Fail(
        code, injector.getMessage(), injector.hasRatio() ? ratio(injector.getRatio()) : null);
  }

  private static int status(int status) {
    if (status < MIN_STATUS || status > MAX_STATUS) {
      throw new InvalidPolicyException("status " + Integer.toUnsignedString(status) + " is none");
    }
    return status;
  }

  private static HttpFilter.@Nullable Ratio ratio(dev.weft.api.httproute.Ratio ratio) {
    long numerator = Integer.toUnsignedLong(ratio.getNumerator());
    long denominator = Integer.toUnsignedLong(ratio.getDenominator());
    if (denominator == 0 || numerator > denominator) {
      throw new InvalidPolicyException("ratio " + numerator + "/" + denominator + " is no share");
    }
    while (denominator > Integer.MAX_VALUE) {
      numerator >>= 1;
      denominator >>= 1;
    }
    return new HttpFilter.Ratio((int) numerator, (int) denominator);
  }

  private static String fieldName(String name) {
    if (!isToken(name)) {
      throw new InvalidPolicyException("header name '" + name + "' is no token");
    }
    return name.toLowerCase(Locale.ROOT);
  }

  private static boolean isToken(String text) {
    if (text.isEmpty()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean alphanumeric =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!alphanumeric && TOKEN_MARKS.indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static String bytes(ByteString value) {
    return value.toString(StandardCharsets.ISO_8859_1);
  }
}
