package dev.weft.destination.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** What a ServiceProfile must keep. Source: facts/destination.md 16. */
final class ProfileRules {
  private static final Set<String> OBJECT =
      Set.of("apiVersion", "kind", "metadata", "spec", "status");
  private static final Set<String> SPEC =
      Set.of("routes", "retryBudget", "dstOverrides", "opaquePorts");
  private static final Set<String> ROUTE =
      Set.of("name", "condition", "responseClasses", "isRetryable", "timeout");
  private static final Set<String> REQUEST = Set.of("all", "any", "not", "method", "pathRegex");
  private static final Set<String> RESPONSE_CLASS = Set.of("condition", "isFailure");
  private static final Set<String> RESPONSE = Set.of("all", "any", "not", "status");
  private static final Set<String> STATUS = Set.of("min", "max");
  private static final Set<String> BUDGET = Set.of("retryRatio", "minRetriesPerSecond", "ttl");
  private static final Set<String> OVERRIDE = Set.of("authority", "weight");

  private static final int MIN_STATUS = 100;
  private static final int MAX_STATUS = 599;

  /** Conditions nest; no sensible one does so deeper. */
  private static final int MAX_DEPTH = 64;

  private static final int MAX_NAME_CHARS = 253;
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  private ProfileRules() {}

  /**
   * @throws InvalidProfile naming the first field that breaks a rule
   */
  static void check(String name, ObjectNode object) {
    if (name.length() > MAX_NAME_CHARS || !NAME.matcher(name).matches()) {
      throw new InvalidProfile(
          "metadata.name='%s' is no DNS name".formatted(name),
          "the Service's full name, such as web.shop.svc.cluster.local");
    }
    Part whole = new Part("object", object);
    whole.only(OBJECT);
    Part spec = new Part("spec", object.path("spec"));
    spec.only(SPEC);
    spec.items("routes").forEach(ProfileRules::checkRoute);
    spec.items("dstOverrides").forEach(override -> override.only(OVERRIDE));
    spec.field("retryBudget").ifPresent(ProfileRules::checkBudget);
  }

  private static void checkRoute(Part route) {
    route.only(ROUTE);
    route.requiredText("name");
    route.field("timeout").filter(part -> !isEmpty(part)).ifPresent(Part::requireDuration);
    checkRequest(route.required("condition"), 0);
    for (Part response : route.items("responseClasses")) {
      response.only(RESPONSE_CLASS);
      checkResponse(response.required("condition"), 0);
    }
  }

  private static boolean isEmpty(Part text) {
    return text.node().asText("").isEmpty();
  }

  private static void checkRequest(Part match, int depth) {
    checkMatch(match, REQUEST, depth, inner -> checkRequest(inner, depth + 1));
  }

  private static void checkResponse(Part match, int depth) {
    checkMatch(match, RESPONSE, depth, inner -> checkResponse(inner, depth + 1));
    match.field("status").ifPresent(ProfileRules::checkStatus);
  }

  private static void checkMatch(Part match, Set<String> names, int depth, Consumer<Part> inner) {
    if (depth > MAX_DEPTH) {
      throw new InvalidProfile(
          "a condition nests deeper than %d times".formatted(MAX_DEPTH), "flatten it");
    }
    match.only(names);
    if (names.stream()
        .map(match::field)
        .flatMap(Optional::stream)
        .allMatch(ProfileRules::isBlank)) {
      throw new InvalidProfile(
          match.path() + " has no field",
          "one of " + String.join(", ", names.stream().sorted().toList()));
    }
    match.items("all").forEach(inner);
    match.items("any").forEach(inner);
    match.field("not").ifPresent(inner);
  }

  /** An empty text counts as no field. */
  private static boolean isBlank(Part part) {
    return part.node().isTextual() && isEmpty(part);
  }

  private static void checkStatus(Part status) {
    status.only(STATUS);
    int min = bound(status, "min");
    int max = bound(status, "max");
    if (max != 0 && max < min) {
      throw new InvalidProfile(
          "%s has min=%d above max=%d".formatted(status.path(), min, max), "swap them");
    }
  }

  /** Zero is none. */
  private static int bound(Part status, String name) {
    int bound = status.node().path(name).asInt(0);
    if (bound != 0 && (bound < MIN_STATUS || bound > MAX_STATUS)) {
      throw new InvalidProfile(
          "%s.%s=%d is no HTTP status".formatted(status.path(), name, bound),
          "%d to %d".formatted(MIN_STATUS, MAX_STATUS));
    }
    return bound;
  }

  private static void checkBudget(Part budget) {
    budget.only(BUDGET);
    if (budget.node().path("retryRatio").asDouble(0) < 0) {
      throw new InvalidProfile(
          "%s.retryRatio=%s is negative"
              .formatted(budget.path(), budget.node().path("retryRatio").asText()),
          "0 or more, such as 0.2");
    }
    budget.required("ttl").requireDuration();
  }
}
