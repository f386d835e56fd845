package dev.weft.proxy.http.http1;

import dev.weft.proxy.http.BodyListener;
import dev.weft.proxy.http.ClientConnection;
import dev.weft.proxy.http.ClientExchange;
import dev.weft.proxy.http.ErrorCode;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.Methods;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.ResponseListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** One request on a client connection and its response. Runs on the channel's loop only. */
final class ClientStream extends Http1Stream implements ClientExchange {
  private static final AsciiString UPGRADE = AsciiString.cached("Upgrade");
  private static final AsciiString COOKIE_SEPARATOR = AsciiString.cached("; ");

  private final Http1ClientConnection connection;
  private final ResponseListener listener;

  /** The count of flushes when the head was written. */
  private final int flushesBefore;

  /** Bytes for the tunnel that wait until the peer agrees to it; null while there are none. */
  private @Nullable ArrayDeque<ByteBuf> early;

  private boolean earlyEnd;

  ClientStream(Http1ClientConnection connection, RequestHead request, ResponseListener listener) {
    super(connection, request);
    this.connection = connection;
    this.listener = listener;
    this.flushesBefore = wire.flushes();
  }

  @Override
  public ClientConnection connection() {
    return connection;
  }

  /**
   * Writes the head.
   *
   * @param head changed
   * @return why it cannot be sent, or null
   */
  @Nullable String send(RequestHead head, boolean end) {
    boolean http10 = head.version == HttpVersion.HTTP_1_0;
    int extras = 0;
    AsciiString lengthField = head.headers.get(HeaderNames.CONTENT_LENGTH);
    long length = lengthField == null ? -1 : FieldScan.parseLength(lengthField);
    if (upgradeWanted) {
      extras = HeadWriter.NO_LENGTH;
      if (!connect) {
        head.headers.set(HeaderNames.CONNECTION, UPGRADE);
        extras |= HeadWriter.UPGRADE;
      }
    } else if (length >= 0) {
      if (end && length > 0) {
        return "request has a content-length and no body";
      }
      out.length(length);
    } else if (end) {
      out.length(0);
      extras = HeadWriter.NO_LENGTH | (meansBody(head.method) ? HeadWriter.EMPTY : 0);
    } else if (http10) {
      return "HTTP/1.0 request has a body without content-length";
    } else {
      out.chunked();
      extras = HeadWriter.NO_LENGTH | HeadWriter.CHUNKED;
    }
    joinCookies(head.headers);
    HttpVersion version = http10 ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1;
    wire.write(HeadWriter.request(wire.ctx().alloc(), head, version, extras));
    localEnded = end && !upgradeWanted;
    return null;
  }

  /** RFC 9110, section 8.6: for these methods servers want to be told that there is no body. */
  private static boolean meansBody(AsciiString method) {
    return method == Methods.POST || method == Methods.PUT || method == Methods.PATCH;
  }

  /** RFC 9113, section 8.2.3: HTTP/2 may split what must be one field here. */
  private static void joinCookies(HeaderBlock fields) {
    int first = fields.indexOf(HeaderNames.COOKIE, 0);
    if (first < 0 || fields.indexOf(HeaderNames.COOKIE, first + 1) < 0) {
      return;
    }
    AsciiString joined = fields.value(first);
    for (int i = fields.indexOf(HeaderNames.COOKIE, first + 1);
        i >= 0;
        i = fields.indexOf(HeaderNames.COOKIE, i + 1)) {
      joined = joined.concat(COOKIE_SEPARATOR).concat(fields.value(i));
    }
    fields.set(HeaderNames.COOKIE, joined);
  }

  // What the connection says.

  @Override
  BodyListener listener() {
    return listener;
  }

  /** Whether nothing of the request was handed to the kernel. */
  boolean isUnsent() {
    return wire.flushes() == flushesBefore;
  }

  void informational(ResponseHead head) {
    listener.onInformational(head);
  }

  void respond(ResponseHead head, boolean end) {
    if (upgradeWanted) {
      localEnded = true;
      dropEarly();
    }
    remoteEnded = end;
    listener.onResponse(head, end);
    endIfComplete();
  }

  /** What came early is sent first: the listener may add to it from within its callback. */
  void upgrade(ResponseHead head) {
    tunnel = true;
    out.untilClose();
    ArrayDeque<ByteBuf> waiting = early;
    early = null;
    if (waiting != null) {
      for (ByteBuf data = waiting.poll(); data != null; data = waiting.poll()) {
        data(data, false);
      }
    }
    if (earlyEnd) {
      data(Unpooled.EMPTY_BUFFER, true);
    }
    listener.onUpgrade(head);
  }

  @Override
  void lost(Reset reason) {
    dropEarly();
    if (!dead) {
      dead = true;
      listener.onReset(reason);
    }
  }

  private void dropEarly() {
    if (early != null) {
      early.forEach(ByteBuf::release);
      early = null;
    }
  }

  // What the opener says.

  @Override
  public void data(ByteBuf data, boolean end) {
    if (dead || localEnded) {
      data.release();
      return;
    }
    if (upgradeWanted && !tunnel) {
      if (early == null) {
        early = new ArrayDeque<>(4);
      }
      early.add(data);
      earlyEnd |= end;
      return;
    }
    out.data(data, end, this);
    if (end) {
      endRequest();
    }
  }

  @Override
  public void trailers(HeaderBlock trailers) {
    if (dead || localEnded) {
      return;
    }
    if (upgradeWanted && !tunnel) {
      earlyEnd = true;
      return;
    }
    out.trailers(trailers);
    endRequest();
  }

  private void endRequest() {
    localEnded = true;
    if (!out.isComplete()) {
      connection.failed(
          Reset.local(ErrorCode.PROTOCOL_ERROR, "request is shorter than its content-length"));
      return;
    }
    if (tunnel) {
      wire.closeOutput();
    }
    endIfComplete();
  }

  @Override
  void onOver() {
    connection.ended();
  }

  @Override
  public void written(int bytes) {
    if (!dead) {
      listener.onWritten(bytes);
    }
  }

  @Override
  public void reset(Reset reason) {
    if (dead || over) {
      return;
    }
    dead = true;
    dropEarly();
    connection.abandoned(tunnel);
  }
}
