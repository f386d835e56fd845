package dev.weft.proxy.forward;

import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * What its owner hears of a {@link Forward}: to count, to balance, to send again. Called on the
 * connection's loop only.
 */
public interface ForwardListener {
  /** Ignores everything. */
  ForwardListener NONE = new ForwardListener() {};

  /**
   * The request is about to be sent.
   *
   * @param head this attempt's own; may be changed
   */
  default void onRequest(RequestHead head) {}

  /**
   * The endpoint's final response, or its agreement to an upgrade, before it is passed on.
   *
   * @param head may be changed
   * @param end whether nothing follows
   */
  default void onResponse(ResponseHead head, boolean end) {}

  /** A piece of the request's body came from the client. */
  default void onRequestData(int bytes) {}

  /** The first bytes of the endpoint's response body arrived. */
  default void onFirstData() {}

  /** A piece of the endpoint's response body arrived. */
  default void onData(int bytes) {}

  /** Bytes of a body went by, in either direction. */
  default void onProgress() {}

  /** The whole request was given to the endpoint's connection. Comes once per attempt. */
  default void onSent() {}

  /** What becomes of a response of which nothing was passed on yet. */
  enum Verdict {
    /** The client gets it. */
    PASS,
    /** It is dropped, and {@link #onTakenBack} follows. */
    RETRY,
    /**
     * What comes next decides: with data it is passed on, with trailers {@link
     * #retries(ResponseHead, HeaderBlock)} is asked.
     */
    HOLD
  }

  /**
   * The head of a response, when the request is complete and all of it still here; not asked
   * otherwise.
   *
   * @param end whether nothing follows
   */
  default Verdict judge(ResponseHead head, boolean end) {
    return Verdict.PASS;
  }

  /**
   * Whether a held response that ends with these trailers is dropped and the request sent again.
   */
  default boolean retries(ResponseHead head, HeaderBlock trailers) {
    return false;
  }

  /**
   * Whether the request is sent again instead of being answered with this refusal, which no
   * endpoint saw the reason of.
   */
  default boolean retries(Refusal refusal) {
    return false;
  }

  /** A retry was granted: the request waits again, and the owner opens it now or later. */
  default void onTakenBack() {}

  /** The endpoint's trailers, before they are passed on. */
  default void onTrailers(HeaderBlock trailers) {}

  /**
   * The attempt at this endpoint is over: it is the last call before the owner may start another.
   *
   * @param failure null when response (and request) were completed; with origin LOCAL the client
   *     gave up
   */
  default void onEnd(@Nullable Reset failure) {}

  /** The proxy answers instead of an endpoint. */
  default void onRefused(Refusal refusal) {}

  /** Nothing is left to be done for the request. The last call of all; comes once. */
  default void onOver() {}

  /**
   * The endpoint surely did nothing with the request (or may do it twice) and all of it is still
   * there. Called after {@link #onEnd}, or alone when there was no connection to send it on.
   *
   * @return whether the owner opens it again, now or later; otherwise it is refused
   */
  default boolean resend(Forward forward, Reset reason) {
    return false;
  }
}
