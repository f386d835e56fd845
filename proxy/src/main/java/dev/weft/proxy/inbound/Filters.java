package dev.weft.proxy.inbound;

import dev.weft.policy.inbound.RuleFilters;
import dev.weft.proxy.forward.Refusal;
import dev.weft.proxy.http.RequestHead;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

final class Filters {
  private Filters() {}

  static @Nullable Refusal apply(RuleFilters filters, RequestHead head, RandomGenerator random) {
    return switch (filters) {
      case RuleFilters.None _ -> null;
      case RuleFilters.Http _, RuleFilters.Grpc _ ->
          Refusal.of(Refusal.Cause.UNEXPECTED, "unexpected error");
    };
  }
}
