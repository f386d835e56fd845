package dev.weft.proxy.http.http1;

import dev.weft.proxy.http.ErrorCode;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.RequestListener;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.ServerConnection;
import dev.weft.proxy.http.ServerExchange;
import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** One request on a server connection and its answer. Runs on the channel's loop only. */
final class ServerStream extends Http1Stream implements ServerExchange {
  private static final AsciiString UPGRADE = AsciiString.cached("Upgrade");

  private final Http1ServerConnection connection;
  private final boolean http10;
  private @Nullable RequestListener listener;

  /** The end that came before there was a listener. */
  private @Nullable Reset lostEarly;

  private boolean keepAlive;

  /** Whether the peer holds its body back until it gets a 100. */
  private boolean heldBack;

  boolean responseStarted;

  ServerStream(
      Http1ServerConnection connection,
      RequestHead request,
      boolean keepAlive,
      boolean expectsContinue,
      boolean end) {
    super(connection, request);
    this.connection = connection;
    this.http10 = request.version == HttpVersion.HTTP_1_0;
    this.keepAlive = keepAlive;
    this.heldBack = expectsContinue && !end;
    this.remoteEnded = end;
  }

  @Override
  public ServerConnection connection() {
    return connection;
  }

  // What the connection says.

  void listen(RequestListener newListener) {
    listener = newListener;
    if (lostEarly != null) {
      newListener.onReset(lostEarly);
    }
  }

  @Override
  RequestListener listener() {
    if (listener == null) {
      throw new IllegalStateException("request is delivered before its listener is known");
    }
    return listener;
  }

  @Override
  void deliver(ByteBuf data) {
    heldBack = false;
    super.deliver(data);
  }

  @Override
  void deliverEnd(ByteBuf data, @Nullable HeaderBlock trailers) {
    heldBack = false;
    super.deliverEnd(data, trailers);
  }

  @Override
  void lost(Reset reason) {
    if (dead) {
      return;
    }
    dead = true;
    if (listener != null) {
      listener.onReset(reason);
    } else {
      lostEarly = reason;
    }
  }

  // What the handler says.

  @Override
  public void informational(ResponseHead head) {
    if (!head.isInformational()) {
      throw new IllegalArgumentException("not an informational status: " + head.status);
    }
    if (dead || responseStarted || http10) {
      return;
    }
    if (head.status == 100) {
      heldBack = false;
    }
    int extras = HeadWriter.NO_LENGTH;
    wire.write(HeadWriter.response(wire.ctx().alloc(), head, HttpVersion.HTTP_1_1, extras));
  }

  @Override
  public void respond(ResponseHead head, boolean end) {
    if (head.status < 200) {
      throw new IllegalArgumentException("not a final status: " + head.status);
    }
    if (dead || responseStarted) {
      return;
    }
    responseStarted = true;
    int extras = framing(head, end);
    decideKeepAlive(head.headers);
    if (!keepAlive) {
      extras |= HeadWriter.CLOSE;
    } else if (http10) {
      extras |= HeadWriter.KEEP_ALIVE;
    }
    HttpVersion version = http10 ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1;
    wire.write(HeadWriter.response(wire.ctx().alloc(), head, version, extras));
    if (end) {
      endResponse();
    }
    if (upgradeWanted && !dead) {
      connection.declined();
    }
  }

  /** Chooses the framing of the body; returns what the head needs for it. */
  private int framing(ResponseHead head, boolean end) {
    if (headMethod || head.status == 204 || head.status == 304) {
      out.none();
      return head.status == 204 ? HeadWriter.NO_LENGTH : 0;
    }
    AsciiString lengthField = head.headers.get(HeaderNames.CONTENT_LENGTH);
    long length = lengthField == null ? -1 : FieldScan.parseLength(lengthField);
    if (length >= 0) {
      out.length(length);
      return 0;
    }
    if (end) {
      out.length(0);
      return HeadWriter.NO_LENGTH | HeadWriter.EMPTY;
    }
    if (http10) {
      out.untilClose();
      keepAlive = false;
      return HeadWriter.NO_LENGTH;
    }
    out.chunked();
    return HeadWriter.NO_LENGTH | HeadWriter.CHUNKED;
  }

  private void decideKeepAlive(HeaderBlock fields) {
    AsciiString options = fields.get(HeaderNames.CONNECTION);
    boolean wantsClose = options != null && FieldScan.contains(options, HeaderNames.CLOSE);
    // A declined CONNECT may be followed by bytes meant for the tunnel, and a body that was held
    // back may come or not: in neither case is it known where the next request begins.
    if (wantsClose || connection.isDraining() || connect || heldBack) {
      keepAlive = false;
    }
  }

  @Override
  public void upgrade(ResponseHead head) {
    boolean agreed = connect ? head.status >= 200 && head.status < 300 : head.status == 101;
    if (!upgradeWanted || !agreed) {
      throw new IllegalArgumentException(
          "status " + head.status + " agrees to no upgrade of this request");
    }
    if (dead || responseStarted) {
      return;
    }
    responseStarted = true;
    tunnel = true;
    keepAlive = false;
    out.untilClose();
    int extras = HeadWriter.NO_LENGTH;
    if (!connect) {
      head.headers.set(HeaderNames.CONNECTION, UPGRADE);
      extras |= HeadWriter.UPGRADE;
    }
    wire.write(HeadWriter.response(wire.ctx().alloc(), head, HttpVersion.HTTP_1_1, extras));
    connection.upgraded();
  }

  @Override
  public void data(ByteBuf data, boolean end) {
    if (dead || !responseStarted || localEnded) {
      data.release();
      return;
    }
    out.data(data, end, this);
    if (end) {
      endResponse();
    }
  }

  @Override
  public void trailers(HeaderBlock trailers) {
    if (dead || !responseStarted || localEnded) {
      return;
    }
    out.trailers(trailers);
    endResponse();
  }

  @Override
  public void written(int bytes) {
    if (!dead && listener != null) {
      listener.onWritten(bytes);
    }
  }

  private void endResponse() {
    localEnded = true;
    if (!out.isComplete()) {
      connection.failed(
          Reset.local(ErrorCode.PROTOCOL_ERROR, "response is shorter than its content-length"));
    } else if (remoteEnded) {
      endIfComplete();
    } else if (heldBack) {
      lost(Reset.NO_ERROR);
      connection.abandoned();
    } else if (!keepAlive && !upgradeWanted || tunnel) {
      wire.closeOutput();
    }
  }

  @Override
  void onOver() {
    connection.ended(keepAlive, tunnel);
  }

  @Override
  public void reset(Reset reason) {
    if (dead || remoteEnded && localEnded) {
      return;
    }
    dead = true;
    if (localEnded && !tunnel || !responseStarted) {
      connection.abandoned();
    } else {
      connection.aborted();
    }
  }
}
