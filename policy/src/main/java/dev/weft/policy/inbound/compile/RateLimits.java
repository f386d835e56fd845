package dev.weft.policy.inbound.compile;

import dev.weft.mesh.IdentityPattern;
import dev.weft.mesh.resource.HttpLocalRateLimitPolicy;
import dev.weft.mesh.resource.ObjectRef;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.policy.PolicyRef;
import dev.weft.policy.inbound.RateLimit;
import dev.weft.policy.objects.ObjectStore;
import dev.weft.policy.objects.OldestFirst;
import dev.weft.policy.objects.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The rate limits of one namespace. Source: facts/policy.md 2.6. */
final class RateLimits {
  private final InboundSettings settings;
  private final Authentications authentications;
  private final Consumer<Problem> problems;
  private final List<HttpLocalRateLimitPolicy> policies;

  RateLimits(
      InboundSettings settings, String namespace, ObjectStore objects, Consumer<Problem> problems) {
    this.settings = settings;
    this.problems = problems;
    authentications = new Authentications(settings.identities(), objects);
    policies =
        objects
            .list(
                ResourceKind.HTTP_LOCAL_RATE_LIMIT_POLICY,
                namespace,
                HttpLocalRateLimitPolicy.class)
            .stream()
            .sorted(OldestFirst.thenName())
            .toList();
  }

  /** The oldest limit that counts for a Server; null for none. */
  @Nullable RateLimit ofServer(String server) {
    for (HttpLocalRateLimitPolicy policy : policies) {
      if (policy.targetRef().is(ResourceKind.SERVER)
          && policy.targetRef().name().equals(server)
          && isAccepted(policy)) {
        return convert(policy);
      }
    }
    return null;
  }

  private boolean isAccepted(HttpLocalRateLimitPolicy policy) {
    return switch (settings.acceptance()) {
      case SPEC -> true;
      case STATUS -> policy.conditions().stream().anyMatch(c -> c.holds("Accepted"));
    };
  }

  private RateLimit convert(HttpLocalRateLimitPolicy policy) {
    return new RateLimit(
        PolicyRef.of(policy.kind().group(), policy.kind().kind(), "", policy.meta().name()),
        policy.total().orElse(0),
        policy.identity().orElse(0),
        policy.overrides().stream()
            .map(
                override ->
                    new RateLimit.Override(
                        override.requestsPerSecond(), clients(policy, override.clientRefs())))
            .toList());
  }

  private List<String> clients(HttpLocalRateLimitPolicy policy, List<ObjectRef> refs) {
    List<String> identities = new ArrayList<>();
    for (ObjectRef ref : refs) {
      try {
        if (authentications.serviceAccount(ref, policy.meta().namespace())
            instanceof IdentityPattern.Exact(String identity)) {
          identities.add(identity);
        }
      } catch (Authentications.Unusable e) {
        problems.accept(new Problem(policy.key(), "for one client " + e.getMessage()));
      }
    }
    return identities;
  }
}
