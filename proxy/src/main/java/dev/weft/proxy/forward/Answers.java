package dev.weft.proxy.forward;

import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.ServerExchange;
import io.netty.util.AsciiString;

/**
 * Writes the response to a refused request: an empty one with the refusal's status, or for gRPC a
 * 200 with the refusal's gRPC status. Stateless and shared by all loops.
 *
 * <p>Source: facts/proxy.md 2.8 and 3.14.
 *
 * @param verbose whether the client may know why: adds {@code l5d-proxy-error}, {@code
 *     l5d-proxy-connection} and {@code grpc-message}
 */
public record Answers(boolean verbose) {
  private static final AsciiString GRPC_STATUS = AsciiString.cached("grpc-status");
  private static final AsciiString GRPC_MESSAGE = AsciiString.cached("grpc-message");
  private static final AsciiString APPLICATION_GRPC = AsciiString.cached("application/grpc");
  private static final String UNPRINTABLE = "unexpected error";

  /** Answers that say why. */
  public static final Answers VERBOSE = new Answers(true);

  /** Answers that keep the reason to themselves. */
  public static final Answers TERSE = new Answers(false);

  /** Which of the two a peer gets. */
  public static Answers verbose(boolean verbose) {
    return verbose ? VERBOSE : TERSE;
  }

  /**
   * Answers a request to which nothing was answered yet, and ends the response.
   *
   * @param grpc whether the request is a gRPC call over HTTP/2
   */
  public void respond(ServerExchange exchange, boolean grpc, Refusal refusal) {
    ResponseHead head = grpc ? grpc(refusal) : plain(refusal);
    if (verbose) {
      head.headers.add(HeaderNames.L5D_PROXY_ERROR, printable(refusal.message()));
    }
    if (refusal.closes()) {
      if (verbose) {
        head.headers.add(HeaderNames.L5D_PROXY_CONNECTION, HeaderNames.CLOSE);
      }
      // Before the answer, so that HTTP/1 says "connection: close" in it.
      exchange.connection().drain();
    }
    exchange.respond(head, true);
  }

  /** The trailers of a gRPC response that cannot be completed otherwise. */
  HeaderBlock trailers(Refusal refusal) {
    HeaderBlock trailers = new HeaderBlock();
    addStatus(trailers, refusal);
    return trailers;
  }

  private static ResponseHead plain(Refusal refusal) {
    ResponseHead head = ResponseHead.of(refusal.status());
    head.headers.add(HeaderNames.CONTENT_LENGTH, HeaderNames.ZERO);
    if (refusal.location() != null) {
      head.headers.add(HeaderNames.LOCATION, AsciiString.of(refusal.location()));
    }
    return head;
  }

  private ResponseHead grpc(Refusal refusal) {
    ResponseHead head = new ResponseHead(HttpVersion.HTTP_2, 200, null, new HeaderBlock());
    head.headers.add(HeaderNames.CONTENT_LENGTH, HeaderNames.ZERO);
    head.headers.add(HeaderNames.CONTENT_TYPE, APPLICATION_GRPC);
    addStatus(head.headers, refusal);
    return head;
  }

  private void addStatus(HeaderBlock block, Refusal refusal) {
    block.add(GRPC_STATUS, AsciiString.of(Integer.toString(refusal.grpcStatus())));
    if (verbose) {
      block.add(GRPC_MESSAGE, percentEncoded(refusal.message()));
    }
  }

  private static AsciiString printable(String message) {
    for (int i = 0; i < message.length(); i++) {
      if (message.charAt(i) < ' ' || message.charAt(i) > '~') {
        return AsciiString.of(UNPRINTABLE);
      }
    }
    return AsciiString.of(message.strip());
  }

  /** As {@code grpc-message} wants it: everything but printable ASCII, and {@code %}, as %XX. */
  private static AsciiString percentEncoded(String message) {
    String text = printable(message).toString();
    return AsciiString.of(text.replace("%", "%25"));
  }
}
