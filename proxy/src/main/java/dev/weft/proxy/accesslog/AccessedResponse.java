package dev.weft.proxy.accesslog;

import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.ResponseHead;

/**
 * What is logged of a response.
 *
 * @param responseBytes {@code content-length}, empty if there is none
 * @param totalNanos from the begin of the request to this head
 * @param processingNanos how much of that this proxy took
 */
record AccessedResponse(int status, String responseBytes, long totalNanos, long processingNanos) {
  static AccessedResponse of(ResponseHead head, long totalNanos, long processingNanos) {
    return new AccessedResponse(
        head.status,
        AccessedRequest.text(head.headers, HeaderNames.CONTENT_LENGTH),
        totalNanos,
        processingNanos);
  }
}
