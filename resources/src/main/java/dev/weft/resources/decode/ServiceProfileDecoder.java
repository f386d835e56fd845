package dev.weft.resources.decode;

import dev.weft.mesh.resource.ObjectMeta;
import dev.weft.mesh.resource.ServiceProfile;
import java.util.ArrayList;
import java.util.List;

/** Decodes service profiles. */
final class ServiceProfileDecoder {
  private static final int MAX_STATUS = 999;

  private ServiceProfileDecoder() {}

  static ServiceProfile decode(ObjectMeta meta, Fields object) {
    Fields spec = object.childOrEmpty("spec");
    return new ServiceProfile(
        meta,
        spec.objects("routes", ServiceProfileDecoder::route),
        spec.child("retryBudget").map(ServiceProfileDecoder::retryBudget).orElse(null),
        spec.objects(
            "dstOverrides",
            override ->
                new ServiceProfile.DstOverride(
                    override.text("authority"), Quantity.millis(override, "weight"))));
  }

  private static ServiceProfile.Route route(Fields route) {
    return new ServiceProfile.Route(
        route.text("name"),
        requestMatch(route.object("condition")),
        route.flagOr("isRetryable", false),
        route.textOr("timeout", ""),
        route.objects(
            "responseClasses",
            response ->
                new ServiceProfile.ResponseClass(
                    responseMatch(response.object("condition")),
                    response.flagOr("isFailure", false))));
  }

  private static ServiceProfile.RetryBudget retryBudget(Fields budget) {
    return new ServiceProfile.RetryBudget(
        (float) budget.decimal("retryRatio"),
        budget.number("minRetriesPerSecond", 0, Integer.MAX_VALUE),
        budget.text("ttl"));
  }

  /** Fields set together must all hold; the order is the contract's. */
  private static ServiceProfile.RequestMatch requestMatch(Fields match) {
    List<ServiceProfile.RequestMatch> parts = new ArrayList<>();
    if (match.has("all")) {
      parts.add(
          new ServiceProfile.RequestMatch.All(
              match.objects("all", ServiceProfileDecoder::requestMatch)));
    }
    if (match.has("any")) {
      parts.add(
          new ServiceProfile.RequestMatch.Any(
              match.objects("any", ServiceProfileDecoder::requestMatch)));
    }
    if (!match.textOr("method", "").isEmpty()) {
      parts.add(new ServiceProfile.RequestMatch.Method(match.text("method")));
    }
    match
        .child("not")
        .ifPresent(not -> parts.add(new ServiceProfile.RequestMatch.Not(requestMatch(not))));
    if (!match.textOr("pathRegex", "").isEmpty()) {
      parts.add(new ServiceProfile.RequestMatch.PathRegex(match.text("pathRegex")));
    }
    return switch (parts.size()) {
      case 0 -> throw match.invalid("no field set, expected all, any, method, not or pathRegex");
      case 1 -> parts.getFirst();
      default -> new ServiceProfile.RequestMatch.All(parts);
    };
  }

  private static ServiceProfile.ResponseMatch responseMatch(Fields match) {
    List<ServiceProfile.ResponseMatch> parts = new ArrayList<>();
    if (match.has("all")) {
      parts.add(
          new ServiceProfile.ResponseMatch.All(
              match.objects("all", ServiceProfileDecoder::responseMatch)));
    }
    if (match.has("any")) {
      parts.add(
          new ServiceProfile.ResponseMatch.Any(
              match.objects("any", ServiceProfileDecoder::responseMatch)));
    }
    match
        .child("status")
        .ifPresent(
            status ->
                parts.add(
                    new ServiceProfile.ResponseMatch.Status(
                        status.numberOr("min", 0, MAX_STATUS, 0),
                        status.numberOr("max", 0, MAX_STATUS, 0))));
    match
        .child("not")
        .ifPresent(not -> parts.add(new ServiceProfile.ResponseMatch.Not(responseMatch(not))));
    return switch (parts.size()) {
      case 0 -> throw match.invalid("no field set, expected all, any, status or not");
      case 1 -> parts.getFirst();
      default -> new ServiceProfile.ResponseMatch.All(parts);
    };
  }
}
