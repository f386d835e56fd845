package dev.weft.proxy.accesslog;

import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.ResponseHead;
import java.time.Clock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the access log: a line per request when the head of its response is known, or when it ends
 * without. Thread-safe; an {@link Entry} belongs to the loop of its request.
 *
 * <p>Source: facts/proxy.md 5.2, facts/observability.md 8.
 */
public final class AccessLog {
  private final AccessFormat format;
  private final Consumer<String> sink;
  private final Clock clock;

  /**
   * A log.
   *
   * @param sink takes a line with its end; must not block
   * @param clock for the time of requests
   */
  public AccessLog(AccessFormat format, Consumer<String> sink, Clock clock) {
    this.format = format;
    this.sink = sink;
    this.clock = clock;
  }

  /**
   * A request came.
   *
   * @param head as the client sent it; borrowed
   * @param client its address
   * @param clientId its mesh identity, null if it has none
   */
  public Entry begin(RequestHead head, String client, @Nullable String clientId) {
    return new Entry(AccessedRequest.of(head, client, clientId, clock.instant()));
  }

  /** The line of one request; written once. */
  public final class Entry {
    private final AccessedRequest request;
    private boolean written;

    private Entry(AccessedRequest request) {
      this.request = request;
    }

    /**
     * The head of the response is known.
     *
     * @param totalNanos since the request began
     * @param processingNanos how much of that this proxy took
     */
    public void answered(ResponseHead head, long totalNanos, long processingNanos) {
      write(AccessedResponse.of(head, totalNanos, processingNanos));
    }

    /** The proxy answers by itself, with an empty body. */
    public void answered(int status, long totalNanos) {
      write(new AccessedResponse(status, "0", totalNanos, totalNanos));
    }

    /** The request is over; a line without response if there was none. */
    public void over() {
      write(null);
    }

    private void write(@Nullable AccessedResponse response) {
      if (!written) {
        written = true;
        sink.accept(format.line(request, response));
      }
    }
  }
}
