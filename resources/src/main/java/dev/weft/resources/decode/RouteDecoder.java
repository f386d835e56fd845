package dev.weft.resources.decode;

import dev.weft.mesh.PortRange;
import dev.weft.mesh.resource.GrpcRoute;
import dev.weft.mesh.resource.HttpRoute;
import dev.weft.mesh.resource.ObjectMeta;
import dev.weft.mesh.resource.ObjectRef;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.mesh.resource.Route;
import dev.weft.mesh.resource.TcpRoute;
import dev.weft.mesh.resource.TlsRoute;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Decodes routes of all protocols, with the defaults of the schema of their own group. */
final class RouteDecoder {
  private static final int MAX_WEIGHT = 1_000_000;
  private static final String EXACT = "Exact";
  private static final String PREFIX = "PathPrefix";
  private static final String REGEX = "RegularExpression";

  /** Versions of the mesh's own HTTPRoute whose backends default to namespace {@code default}. */
  private static final Set<String> OLD_BACKEND_VERSIONS = Set.of("v1alpha1", "v1beta1");

  private final ResourceKind kind;
  private final String version;

  RouteDecoder(ResourceKind kind, String version) {
    this.kind = kind;
    this.version = version;
  }

  HttpRoute http(ObjectMeta meta, Fields object) {
    Fields spec = object.object("spec");
    HttpRoute.Rule anything =
        new HttpRoute.Rule(
            List.of(HttpRoute.Match.ANY), List.of(), List.of(), HttpRoute.Timeouts.NONE);
    return new HttpRoute(
        kind,
        meta,
        parentRefs(spec),
        spec.texts("hostnames"),
        spec.has("rules") ? spec.objects("rules", this::httpRule) : List.of(anything),
        parentStatuses(object));
  }

  private HttpRoute.Rule httpRule(Fields rule) {
    Fields timeouts = rule.childOrEmpty("timeouts");
    return new HttpRoute.Rule(
        rule.has("matches")
            ? rule.objects("matches", RouteDecoder::httpMatch)
            : List.of(HttpRoute.Match.ANY),
        rule.objects("filters", RouteDecoder::filter),
        rule.objects("backendRefs", this::backend),
        new HttpRoute.Timeouts(
            timeouts.textOr("request", ""), timeouts.textOr("backendRequest", "")));
  }

  private static HttpRoute.Match httpMatch(Fields match) {
    return new HttpRoute.Match(
        pathMatch(match.childOrEmpty("path")),
        match.objects("headers", RouteDecoder::namedMatch),
        match.objects("queryParams", RouteDecoder::namedMatch),
        match.textOr("method", ""));
  }

  private static HttpRoute.PathMatch pathMatch(Fields path) {
    String value = path.textOr("value", "/");
    return switch (path.wordOr("type", List.of(EXACT, PREFIX, REGEX), PREFIX)) {
      case EXACT -> new HttpRoute.PathMatch.Exact(value);
      case PREFIX -> new HttpRoute.PathMatch.Prefix(value);
      default -> new HttpRoute.PathMatch.Regex(value);
    };
  }

  private static Route.NamedMatch namedMatch(Fields match) {
    String value = match.textOr("value", "");
    boolean exact = match.wordOr("type", List.of(EXACT, REGEX), EXACT).equals(EXACT);
    return new Route.NamedMatch(
        match.text("name"),
        exact ? new Route.ValueMatch.Exact(value) : new Route.ValueMatch.Regex(value));
  }

  private HttpRoute.Backend backend(Fields backend) {
    return new HttpRoute.Backend(
        backendRef(backend), backend.objects("filters", RouteDecoder::filter));
  }

  private static Route.Filter filter(Fields filter) {
    String type = filter.textOr("type", "");
    return switch (type) {
      case "RequestHeaderModifier" ->
          new Route.Filter.RequestHeaderModifier(modifier(filter.object("requestHeaderModifier")));
      case "ResponseHeaderModifier" ->
          new Route.Filter.ResponseHeaderModifier(
              modifier(filter.object("responseHeaderModifier")));
      case "RequestRedirect" -> redirect(filter.object("requestRedirect"));
      default -> new Route.Filter.Unsupported(type);
    };
  }

  private static Route.HeaderModifier modifier(Fields modifier) {
    return new Route.HeaderModifier(
        modifier.objects("set", RouteDecoder::header),
        modifier.objects("add", RouteDecoder::header),
        modifier.texts("remove"));
  }

  private static Route.Header header(Fields header) {
    return new Route.Header(header.text("name"), header.textOr("value", ""));
  }

  private static Route.Filter redirect(Fields redirect) {
    return new Route.Filter.RequestRedirect(
        redirect.textOr("scheme", ""),
        redirect.textOr("hostname", ""),
        redirect
            .child("path")
            .map(RouteDecoder::redirectPath)
            .orElse(new Route.RedirectPath.Keep()),
        redirect.portOrZero("port"),
        redirect.numberOr("statusCode", 300, 399, 302));
  }

  private static Route.RedirectPath redirectPath(Fields path) {
    return path.word("type", List.of("ReplaceFullPath", "ReplacePrefixMatch"))
            .equals("ReplaceFullPath")
        ? new Route.RedirectPath.Full(path.textOr("replaceFullPath", ""))
        : new Route.RedirectPath.Prefix(path.textOr("replacePrefixMatch", ""));
  }

  GrpcRoute grpc(ObjectMeta meta, Fields object) {
    Fields spec = object.object("spec");
    return new GrpcRoute(
        meta,
        parentRefs(spec),
        spec.texts("hostnames"),
        spec.objects("rules", this::grpcRule),
        parentStatuses(object));
  }

  private GrpcRoute.Rule grpcRule(Fields rule) {
    return new GrpcRoute.Rule(
        rule.objects("matches", RouteDecoder::grpcMatch),
        rule.objects("filters", RouteDecoder::filter),
        rule.objects("backendRefs", this::backend));
  }

  private static GrpcRoute.Match grpcMatch(Fields match) {
    Fields method = match.childOrEmpty("method");
    String service = method.textOr("service", "");
    String name = method.textOr("method", "");
    boolean exact = method.wordOr("type", List.of(EXACT, REGEX), EXACT).equals(EXACT);
    return new GrpcRoute.Match(
        exact
            ? new GrpcRoute.MethodMatch.Exact(service, name)
            : new GrpcRoute.MethodMatch.Regex(service, name),
        match.objects("headers", RouteDecoder::namedMatch));
  }

  TlsRoute tls(ObjectMeta meta, Fields object) {
    Fields spec = object.object("spec");
    return new TlsRoute(
        meta,
        parentRefs(spec),
        spec.texts("hostnames"),
        spec.objects("rules", rule -> rule.objects("backendRefs", this::backendRef)),
        parentStatuses(object));
  }

  TcpRoute tcp(ObjectMeta meta, Fields object) {
    Fields spec = object.object("spec");
    return new TcpRoute(
        meta,
        parentRefs(spec),
        spec.objects("rules", rule -> rule.objects("backendRefs", this::backendRef)),
        parentStatuses(object));
  }

  private Route.BackendRef backendRef(Fields backend) {
    boolean old = kind == ResourceKind.POLICY_HTTP_ROUTE && OLD_BACKEND_VERSIONS.contains(version);
    ObjectRef ref =
        new ObjectRef(
            backend.textOr("group", ""),
            backend.textOr("kind", "Service"),
            backend.textOr("namespace", old ? MetaDecoder.DEFAULT_NAMESPACE : ""),
            backend.text("name"));
    return new Route.BackendRef(
        ref, backend.portOrZero("port"), backend.numberOr("weight", 0, MAX_WEIGHT, 1));
  }

  private List<Route.ParentRef> parentRefs(Fields spec) {
    return spec.objects("parentRefs", this::parentRef);
  }

  private Route.ParentRef parentRef(Fields parent) {
    return new Route.ParentRef(
        new ObjectRef(
            parent.textOr("group", kind.group()),
            parent.textOr("kind", "Gateway"),
            parent.textOr("namespace", ""),
            parent.text("name")),
        parent.textOr("sectionName", ""),
        parent.numberOr("port", 1, PortRange.MAX_PORT, 0));
  }

  private List<Route.ParentStatus> parentStatuses(Fields object) {
    Optional<Fields> status = object.child("status");
    return status.isEmpty()
        ? List.of()
        : status
            .get()
            .objects(
                "parents",
                parent ->
                    new Route.ParentStatus(
                        parentRef(parent.object("parentRef")),
                        parent.text("controllerName"),
                        MetaDecoder.conditions(parent)));
  }
}
