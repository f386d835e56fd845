package dev.weft.proxy.forward;

import dev.weft.policy.route.GrpcFilter;
import dev.weft.policy.route.HeaderModifier;
import dev.weft.policy.route.HttpFilter;
import dev.weft.policy.route.HttpRouteMatch;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.ResponseHead;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The filters of a rule or backend, compiled once per policy and applied in order. Immutable.
 *
 * <p>Source: facts/proxy.md 3.5.
 */
public final class RequestFilters {
  /** Does nothing. */
  public static final RequestFilters NONE = new RequestFilters(List.of(), List.of());

  private final List<Step> steps;
  private final List<Edit> response;

  private RequestFilters(List<Step> steps, List<Edit> response) {
    this.steps = List.copyOf(steps);
    this.response = List.copyOf(response);
  }

  /** Changes a request, or ends it. */
  private interface Step {
    @Nullable Refusal apply(
        RequestHead head, @Nullable HttpRouteMatch match, RandomGenerator random);
  }

  /** Filters of an HTTP rule or backend. */
  public static RequestFilters http(List<HttpFilter> filters) {
    if (filters.isEmpty()) {
      return NONE;
    }
    List<Step> steps = new ArrayList<>();
    List<Edit> response = new ArrayList<>();
    for (HttpFilter filter : filters) {
      switch (filter) {
        case HttpFilter.RequestHeaders(HeaderModifier modifier) -> steps.add(edit(modifier));
        case HttpFilter.ResponseHeaders(HeaderModifier modifier) -> response.add(Edit.of(modifier));
        case HttpFilter.Redirect redirect ->
            steps.add((head, match, _) -> Redirects.apply(redirect, head, match));
        case HttpFilter.Fail fail ->
            steps.add(
                (_, _, random) ->
                    hits(fail.ratio(), random)
                        ? Refusal.injected(fail.status(), fail.message())
                        : null);
        case HttpFilter.Unusable unusable -> steps.add(unusable(unusable));
      }
    }
    return new RequestFilters(steps, response);
  }

  /** Filters of a gRPC rule or backend. */
  public static RequestFilters grpc(List<GrpcFilter> filters) {
    if (filters.isEmpty()) {
      return NONE;
    }
    List<Step> steps = new ArrayList<>();
    for (GrpcFilter filter : filters) {
      switch (filter) {
        case HttpFilter.RequestHeaders(HeaderModifier modifier) -> steps.add(edit(modifier));
        case GrpcFilter.Fail fail ->
            steps.add(
                (_, _, random) ->
                    hits(fail.ratio(), random)
                        ? Refusal.injectedGrpc(fail.code(), fail.message())
                        : null);
        case HttpFilter.Unusable unusable -> steps.add(unusable(unusable));
      }
    }
    return new RequestFilters(steps, List.of());
  }

  /**
   * Changes the request; returns a refusal if a filter answers it.
   *
   * @param match the alternative that held, needed by redirects which replace the matched prefix
   */
  public @Nullable Refusal request(
      RequestHead head, @Nullable HttpRouteMatch match, RandomGenerator random) {
    for (Step step : steps) {
      Refusal refusal = step.apply(head, match, random);
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  /** Changes the response. */
  public void response(ResponseHead head) {
    for (Edit edit : response) {
      edit.apply(head.headers);
    }
  }

  private static Step edit(HeaderModifier modifier) {
    Edit edit = Edit.of(modifier);
    return (head, _, _) -> {
      edit.apply(head.headers);
      return null;
    };
  }

  private static Step unusable(HttpFilter.Unusable unusable) {
    Refusal refusal = Refusal.of(Refusal.Cause.UNEXPECTED, unusable.message());
    return (_, _, _) -> refusal;
  }

  private static boolean hits(HttpFilter.@Nullable Ratio ratio, RandomGenerator random) {
    return ratio == null || random.nextInt(ratio.denominator()) < ratio.numerator();
  }

  /** A {@link HeaderModifier} with its strings made ready. */
  private record Edit(List<Field> add, List<Field> set, List<AsciiString> remove) {
    record Field(AsciiString name, AsciiString value) {
      static Field of(HeaderModifier.Field field) {
        return new Field(
            AsciiString.of(field.name()).toLowerCase(), new AsciiString(field.value()));
      }
    }

    static Edit of(HeaderModifier modifier) {
      return new Edit(
          modifier.add().stream().map(Field::of).toList(),
          modifier.set().stream().map(Field::of).toList(),
          modifier.remove().stream().map(name -> AsciiString.of(name).toLowerCase()).toList());
    }

    void apply(HeaderBlock headers) {
      for (Field field : add) {
        headers.add(field.name, field.value);
      }
      for (Field field : set) {
        headers.set(field.name, field.value);
      }
      for (AsciiString name : remove) {
        headers.remove(name);
      }
    }
  }
}
