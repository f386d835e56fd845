package dev.weft.proxy.outbound;

import dev.weft.proxy.control.ProfileRoute;
import java.util.List;

/**
 * How a profile's route counts responses, and so what it asks for again: its own classes first,
 * then failing gRPC statuses, then 5xx. Immutable.
 *
 * <p>Source: facts/proxy.md 3.13.
 */
record ProfileClasses(List<ProfileRoute.ResponseClass> classes) implements RetryOn {
  /** Only the usual rule. */
  static final ProfileClasses USUAL = new ProfileClasses(List.of());

  ProfileClasses {
    classes = List.copyOf(classes);
  }

  @Override
  public boolean status(int status) {
    for (ProfileRoute.ResponseClass one : classes) {
      if (one.condition().holds(status)) {
        return one.failure();
      }
    }
    return status >= 500;
  }

  @Override
  public boolean code(int grpcStatus) {
    return switch (grpcStatus) {
      case 2, 4, 7, 13, 14, 15 -> true;
      default -> false;
    };
  }

  @Override
  public boolean readsCodes() {
    return true;
  }

  /** Whether a response counts as a success. */
  boolean success(ResponseClass response) {
    if (!response.error().isEmpty()) {
      return false;
    }
    for (ProfileRoute.ResponseClass one : classes) {
      if (one.condition().holds(response.status())) {
        return !one.failure();
      }
    }
    return response.success();
  }
}
