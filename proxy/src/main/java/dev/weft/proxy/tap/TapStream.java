package dev.weft.proxy.tap;

import dev.weft.api.tap.Eos;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ResponseHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request as those who tap it see it. Runs on the request's loop only. */
public final class TapStream {
  private final List<Tap.Stream> streams;
  private long bytes;
  private boolean ended;

  TapStream(List<Tap.Stream> streams) {
    this.streams = List.copyOf(streams);
  }

  /**
   * The head of the response.
   *
   * @param head borrowed
   */
  public void response(ResponseHead head) {
    for (Tap.Stream stream : streams) {
      stream.response(head);
    }
  }

  /** A piece of the response's body. */
  public void data(int size) {
    bytes += size;
  }

  /**
   * The response is complete. Only the first end counts.
   *
   * @param grpcStatus null if there is none
   * @param trailers borrowed; null if there are none
   */
  public void end(@Nullable String grpcStatus, @Nullable HeaderBlock trailers) {
    Eos.Builder eos = Eos.newBuilder();
    if (grpcStatus != null) {
      try {
        eos.setGrpcStatusCode(Integer.parseUnsignedInt(grpcStatus));
      } catch (NumberFormatException _) {
        eos.setGrpcStatusCode(2);
      }
    }
    end(eos.build(), trailers);
  }

  /** The request failed. Only the first end counts. */
  public void reset(Reset reason) {
    end(Eos.newBuilder().setResetErrorCode((int) reason.code()).build(), null);
  }

  private void end(Eos eos, @Nullable HeaderBlock trailers) {
    if (ended) {
      return;
    }
    ended = true;
    for (Tap.Stream stream : streams) {
      stream.end(eos, bytes, trailers);
    }
  }
}
