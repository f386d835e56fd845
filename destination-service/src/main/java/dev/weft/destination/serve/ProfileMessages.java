package dev.weft.destination.serve;

import com.google.protobuf.Duration;
import dev.weft.api.destination.DestinationProfile;
import dev.weft.api.destination.HttpStatusRange;
import dev.weft.api.destination.PathMatch;
import dev.weft.api.destination.RequestMatch;
import dev.weft.api.destination.ResponseClass;
import dev.weft.api.destination.ResponseMatch;
import dev.weft.api.destination.RetryBudget;
import dev.weft.api.destination.Route;
import dev.weft.api.destination.WeightedDst;
import dev.weft.api.httptypes.HttpMethod;
import dev.weft.api.meta.Metadata;
import dev.weft.api.meta.Resource;
import dev.weft.destination.index.Profile;
import dev.weft.mesh.Authority;
import dev.weft.mesh.GoDuration;
import dev.weft.mesh.resource.ObjectRef;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.mesh.resource.ServiceProfile;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Profiles on the wire. Immutable. Source: {@code destination.proto}. */
final class ProfileMessages {
  private static final RetryBudget DEFAULT_BUDGET =
      RetryBudget.newBuilder()
          .setRetryRatio(0.2f)
          .setMinRetriesPerSecond(10)
          .setTtl(Duration.newBuilder().setSeconds(10))
          .build();

  /** Weights are sent in ten-thousandths. */
  private static final int WEIGHT_PER_MILLI = 10;

  private static final long MAX_UINT32 = 0xffff_ffffL;

  private final EndpointMessages endpoints;

  ProfileMessages(EndpointMessages endpoints) {
    this.endpoints = endpoints;
  }

  /** The message for a profile; empty where none can be sent, and the last one stands. */
  Optional<DestinationProfile> of(Profile profile) {
    return switch (profile) {
      case Profile.Empty() -> Optional.of(DestinationProfile.getDefaultInstance());
      case Profile.OfService service -> ofService(service);
      case Profile.OfEndpoint endpoint -> Optional.of(ofEndpoint(endpoint));
      case Profile.Withheld() -> Optional.empty();
      case Profile.Ambiguous _ -> Optional.empty();
    };
  }

  private DestinationProfile ofEndpoint(Profile.OfEndpoint profile) {
    return DestinationProfile.newBuilder()
        .setRetryBudget(DEFAULT_BUDGET)
        .setOpaqueProtocol(profile.opaque())
        .setEndpoint(endpoints.single(profile.endpoint(), profile.namespace()))
        .build();
  }

  private static Optional<DestinationProfile> ofService(Profile.OfService profile) {
    ServiceProfile routes = profile.routes();
    Optional<RetryBudget> budget =
        routes == null || routes.retryBudget() == null
            ? Optional.of(DEFAULT_BUDGET)
            : budget(routes.retryBudget());
    if (budget.isEmpty()) {
      return Optional.empty();
    }
    DestinationProfile.Builder message =
        DestinationProfile.newBuilder()
            .setFullyQualifiedName(profile.fqdn())
            .setOpaqueProtocol(profile.opaque())
            .setRetryBudget(budget.get())
            .setParentRef(parentRef(profile))
            .setProfileRef(profileRef(routes));
    if (routes != null) {
      routes.routes().forEach(route -> message.addRoutes(route(route)));
      routes
          .dstOverrides()
          .forEach(override -> message.addDstOverrides(override(override, profile.port())));
    }
    return Optional.of(message.build());
  }

  private static Metadata parentRef(Profile.OfService profile) {
    return Metadata.newBuilder()
        .setResource(
            Resource.newBuilder()
                .setGroup(ObjectRef.CORE)
                .setKind(ResourceKind.SERVICE.kind())
                .setName(profile.service().name())
                .setNamespace(profile.service().namespace())
                .setPort(profile.port()))
        .build();
  }

  /** Without a ServiceProfile there is still a reference, with nothing but the group. */
  private static Metadata profileRef(@Nullable ServiceProfile routes) {
    Resource.Builder ref = Resource.newBuilder().setGroup(ResourceKind.SERVICE_PROFILE.group());
    if (routes != null) {
      ref.setKind(ResourceKind.SERVICE_PROFILE.kind())
          .setName(routes.meta().name())
          .setNamespace(routes.meta().namespace());
    }
    return Metadata.newBuilder().setResource(ref).build();
  }

  private static Optional<RetryBudget> budget(ServiceProfile.RetryBudget budget) {
    return GoDuration.parse(budget.ttl())
        .map(
            ttl ->
                RetryBudget.newBuilder()
                    .setRetryRatio(budget.retryRatio())
                    .setMinRetriesPerSecond(budget.minRetriesPerSecond())
                    .setTtl(duration(ttl))
                    .build());
  }

  static Duration duration(java.time.Duration duration) {
    return Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }

  private static Route route(ServiceProfile.Route route) {
    Route.Builder message =
        Route.newBuilder()
            .setCondition(request(route.condition()))
            .putMetricsLabels("route", route.name())
            .setIsRetryable(route.retryable());
    GoDuration.parse(route.timeout())
        .filter(timeout -> timeout.isPositive())
        .ifPresent(timeout -> message.setTimeout(duration(timeout)));
    for (ServiceProfile.ResponseClass response : route.responseClasses()) {
      message.addResponseClasses(
          ResponseClass.newBuilder()
              .setCondition(response(response.condition()))
              .setIsFailure(response.failure()));
    }
    return message.build();
  }

  private static RequestMatch request(ServiceProfile.RequestMatch match) {
    RequestMatch.Builder message = RequestMatch.newBuilder();
    switch (match) {
      case ServiceProfile.RequestMatch.All(List<ServiceProfile.RequestMatch> parts) ->
          message.setAll(requests(parts));
      case ServiceProfile.RequestMatch.Any(List<ServiceProfile.RequestMatch> parts) ->
          message.setAny(requests(parts));
      case ServiceProfile.RequestMatch.Not(ServiceProfile.RequestMatch part) ->
          message.setNot(request(part));
      case ServiceProfile.RequestMatch.PathRegex(String regex) ->
          message.setPath(PathMatch.newBuilder().setRegex(regex));
      case ServiceProfile.RequestMatch.Method(String method) -> message.setMethod(method(method));
    }
    return message.build();
  }

  private static RequestMatch.Seq requests(List<ServiceProfile.RequestMatch> parts) {
    RequestMatch.Seq.Builder seq = RequestMatch.Seq.newBuilder();
    parts.forEach(part -> seq.addMatches(request(part)));
    return seq.build();
  }

  private static HttpMethod method(String method) {
    String upper = method.toUpperCase(Locale.ROOT);
    for (HttpMethod.Registered registered : HttpMethod.Registered.values()) {
      if (registered != HttpMethod.Registered.UNRECOGNIZED && registered.name().equals(upper)) {
        return HttpMethod.newBuilder().setRegistered(registered).build();
      }
    }
    return HttpMethod.newBuilder().setUnregistered(upper).build();
  }

  private static ResponseMatch response(ServiceProfile.ResponseMatch match) {
    ResponseMatch.Builder message = ResponseMatch.newBuilder();
    switch (match) {
      case ServiceProfile.ResponseMatch.All(List<ServiceProfile.ResponseMatch> parts) ->
          message.setAll(responses(parts));
      case ServiceProfile.ResponseMatch.Any(List<ServiceProfile.ResponseMatch> parts) ->
          message.setAny(responses(parts));
      case ServiceProfile.ResponseMatch.Not(ServiceProfile.ResponseMatch part) ->
          message.setNot(response(part));
      case ServiceProfile.ResponseMatch.Status(int min, int max) ->
          message.setStatus(HttpStatusRange.newBuilder().setMin(min).setMax(max));
    }
    return message.build();
  }

  private static ResponseMatch.Seq responses(List<ServiceProfile.ResponseMatch> parts) {
    ResponseMatch.Seq.Builder seq = ResponseMatch.Seq.newBuilder();
    parts.forEach(part -> seq.addMatches(response(part)));
    return seq.build();
  }

  private static WeightedDst override(ServiceProfile.DstOverride override, int port) {
    boolean complete =
        Authority.tryParse(override.authority()).stream().anyMatch(Authority::hasPort);
    long weight = Math.min(MAX_UINT32, override.weightMillis() * WEIGHT_PER_MILLI);
    return WeightedDst.newBuilder()
        .setAuthority(complete ? override.authority() : override.authority() + ":" + port)
        .setWeight((int) weight)
        .build();
  }
}
