package dev.weft.proxy.http.http2;

import dev.weft.proxy.http.ErrorCode;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What both sides of a connection have in common: streams, windows, settings, pings and the ways to
 * end. Runs on the channel's loop only.
 *
 * <p>Bounds: received bytes in memory are bounded by {@link ReceiveFlow}, bytes to be sent by
 * {@link SendFlow}. Heads and control frames go out at once, but nothing more is read while {@link
 * #MAX_UNSENT_BYTES} of them wait for a peer that does not read.
 *
 * <p>What one read brought is answered in one flush; what other connections of the loop cause is
 * gathered until the loop's turn ends.
 */
abstract class Http2Connection extends ChannelInboundHandlerAdapter implements FrameSink {
  private static final Logger LOG = LoggerFactory.getLogger(Http2Connection.class);

  /** Unsent bytes beyond the channel's low water mark at which reading stops. */
  static final long MAX_UNSENT_BYTES = 1 << 20;

  /** How long, and for how many bytes, a connection that ends waits for the peer to see why. */
  static final long LINGER_MILLIS = 1000;

  private static final int LINGER_BYTES = 1 << 20;

  private static final long KEEP_ALIVE_PING = 0x7765_6674_6c69_7665L;

  private enum Phase {
    OPEN,
    /** Everything was said; waits for the peer to close. */
    LINGERING,
    CLOSED
  }

  final Http2Settings settings;
  final IntObjectHashMap<Http2Stream> streams = new IntObjectHashMap<>();
  final HpackDecoder hpackDecoder = new HpackDecoder();
  final HeadEncoder encoder = new HeadEncoder();
  final HeadAssembler assembler;

  // Set by handlerAdded, before anything else can happen.
  ChannelHandlerContext ctx;
  FrameWriter writer;
  FloodGuard guard;
  SendFlow sendFlow;
  private ReceiveFlow receiveFlow;

  private final FrameReader reader;
  private final Runnable flushTask = this::flushScheduled;

  private Phase phase = Phase.OPEN;
  private boolean started;
  private boolean reading;
  private boolean readOnce;
  private boolean readPaused;
  private boolean flushing;
  private int lingerBytes = LINGER_BYTES;
  private @Nullable Future<?> lingerTimer;
  private @Nullable KeepAlive keepAlive;

  /** Of the DATA frame being read: its stream, null when it is to be dropped. */
  private @Nullable Http2Stream dataStream;

  private boolean dataEnds;
  private boolean dataSeen;

  Http2Connection(Http2Settings settings, boolean server) {
    this.settings = settings;
    this.assembler = new HeadAssembler(settings.maxHeaderListBytes());
    this.reader =
        new FrameReader(this, server, settings.maxFrameBytes(), settings.maxHeaderListBytes());
  }

  // ---- what a side adds ----

  /** Sends the preface and settings. */
  abstract void sayHello();

  /** A frame other than HEADERS came for a stream that is not in {@link #streams}. */
  abstract void onUnknownStream(int type, int stream) throws Http2Violation;

  /** A header block was decoded into {@link #assembler} for a stream in {@link #streams}. */
  abstract void onBlock(Http2Stream stream, boolean end) throws Http2Violation;

  /** A header block for a stream that is not in {@link #streams}; it must be decoded. */
  abstract void onBlockOfUnknownStream(
      int stream, byte[] block, int offset, int length, boolean end) throws Http2Violation;

  /** A stream left {@link #streams}. */
  abstract void onStreamGone();

  /** The peer reset a stream. */
  abstract void onPeerReset(Http2Stream stream) throws Http2Violation;

  /** The peer broke the rules within one stream, which was reset for it. */
  abstract void onStreamViolation(ErrorCode code, String cause) throws Http2Violation;

  /** The peer broke the rules of the connection, which ends for it. */
  abstract void onConnectionViolation(ErrorCode code, String cause);

  /** A setting that only one side cares about. */
  abstract void onPeerSetting(int id, long value) throws Http2Violation;

  /** Settings were taken over. */
  abstract void onPeerSettings();

  abstract void onPingAnswered(long payload);

  /** The peer takes no new streams above {@code last}. */
  abstract void onGoAway(int last, long code, String debug);

  /** The highest stream of the peer that was or may be acted upon. */
  abstract int lastPeerStream();

  /** The connection is over; open streams heard it before. */
  abstract void onTerminated(Reset reason);

  // ---- life ----

  /** The channel; only valid once the handler was added. */
  public Channel channel() {
    return ctx.channel();
  }

  EventExecutor loop() {
    return ctx.executor();
  }

  boolean isOpen() {
    return phase == Phase.OPEN;
  }

  @Override
  public final boolean isStopped() {
    return phase != Phase.OPEN;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    ctx = added;
    writer = new FrameWriter(added);
    guard = new FloodGuard(added.executor().ticker());
    sendFlow = new SendFlow(this, added.channel(), writer, guard);
    receiveFlow = new ReceiveFlow(this, writer, settings);
    if (added.channel().isActive()) {
      start();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    start();
    context.fireChannelActive();
  }

  private void start() {
    if (started) {
      return;
    }
    started = true;
    sayHello();
    receiveFlow.announce();
    if (settings.keepAliveInterval() != null) {
      keepAlive =
          new KeepAlive(
              loop(),
              settings.keepAliveInterval().toNanos(),
              settings.keepAliveTimeout().toNanos(),
              () -> settings.keepAliveWhileIdle() || !streams.isEmpty(),
              this::ping,
              this::onKeepAliveTimeout);
    }
    flush();
    ctx.read();
  }

  private void ping() {
    writer.ping(KEEP_ALIVE_PING, false);
    flushLater();
  }

  private void onKeepAliveTimeout() {
    String cause = "no answer to a keep-alive ping within " + settings.keepAliveTimeout();
    terminate(Reset.connection(cause));
    closeNow();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (phase != Phase.OPEN) {
        discard(in);
        return;
      }
      if (!readOnce) {
        // Bytes handed over from a detector may come without a channelReadComplete.
        readOnce = true;
        loop().execute(flushTask);
      }
      reading = true;
      if (keepAlive != null) {
        keepAlive.onRead();
      }
      reader.read(in);
    } catch (Http2Violation violation) {
      fail(violation.code(), violation.reason());
    } finally {
      in.release();
    }
  }

  private void discard(ByteBuf in) {
    lingerBytes -= in.readableBytes();
    if (lingerBytes < 0) {
      closeNow();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    reading = false;
    flush();
    if (phase != Phase.CLOSED) {
      readMore();
    }
  }

  private void readMore() {
    readPaused = phase == Phase.OPEN && channel().bytesBeforeWritable() > MAX_UNSENT_BYTES;
    if (!readPaused) {
      ctx.read();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (channel().isWritable()) {
      sendFlow.resume();
      flushLater();
      if (readPaused) {
        readMore();
      }
    }
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
      onPeerGone();
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    onPeerGone();
    context.fireChannelInactive();
  }

  private void onPeerGone() {
    terminate(Reset.CONNECTION_CLOSED);
    closeNow();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    terminate(Reset.CONNECTION_CLOSED);
    closeNow();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException || cause instanceof DecoderException) {
      LOG.debug("HTTP/2 connection failed conn={} cause={}", channel(), cause.toString());
      terminate(Reset.connection("connection failed: " + cause.getMessage()));
      closeNow();
      return;
    }
    LOG.error("HTTP/2 connection ended by a programming error conn={}", channel(), cause);
    end(ErrorCode.INTERNAL_ERROR, "internal error", Reset.connection("internal error"));
  }

  /** Ends the connection because the peer broke its rules. */
  void fail(ErrorCode code, String cause) {
    if (phase == Phase.OPEN) {
      onConnectionViolation(code, cause);
      end(code, cause, Reset.connection("peer broke HTTP/2: " + cause));
    }
  }

  private void end(ErrorCode code, String debug, Reset reason) {
    if (phase != Phase.OPEN) {
      closeNow();
      return;
    }
    writer.goAway(lastPeerStream(), code.code(), debug);
    terminate(reason);
    reading = false;
    hangUpWhenSent();
    linger();
  }

  /** Closes at once; open exchanges hear a reset. */
  public void close() {
    if (phase == Phase.OPEN) {
      writer.goAway(lastPeerStream(), ErrorCode.NO_ERROR.code(), "");
      terminate(Reset.connection("connection closed by this proxy"));
      flush();
    }
    closeNow();
  }

  /** Ends a connection on which nothing is open, as soon as everything written went out. */
  void closeWhenSent() {
    if (phase == Phase.OPEN) {
      terminate(Reset.NO_ERROR);
      hangUpWhenSent();
    }
  }

  /**
   * Says that nothing more comes, then waits a moment for the peer to close: closing with unread
   * bytes in the socket could take back what the peer was sent and has not read.
   */
  private void hangUpWhenSent() {
    flush();
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            sent -> {
              linger();
              if (phase == Phase.LINGERING) {
                shutDownOutput();
              }
            });
  }

  private void shutDownOutput() {
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    if (tls != null) {
      tls.closeOutbound();
    } else if (channel() instanceof DuplexChannel socket) {
      socket.shutdownOutput();
    }
  }

  private void linger() {
    if (phase != Phase.CLOSED && lingerTimer == null) {
      lingerTimer = loop().schedule(this::closeNow, LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void closeNow() {
    if (phase == Phase.CLOSED) {
      return;
    }
    phase = Phase.CLOSED;
    if (lingerTimer != null) {
      lingerTimer.cancel(false);
    }
    writer.discard();
    ctx.close();
  }

  /** Resets what is open, once. */
  private void terminate(Reset reason) {
    if (phase != Phase.OPEN) {
      return;
    }
    phase = Phase.LINGERING;
    if (keepAlive != null) {
      keepAlive.stop();
    }
    for (Http2Stream stream : streams.values().toArray(Http2Stream[]::new)) {
      if (!stream.closed) {
        abandon(stream);
        stream.reportReset(reason);
      }
    }
    onTerminated(reason);
  }

  // ---- flushing ----

  /** Flushes when the current read, or else the loop's turn, is over. */
  void flushLater() {
    if (!reading && !flushing && writer.isDirty()) {
      flushing = true;
      loop().execute(flushTask);
    }
  }

  private void flushScheduled() {
    flushing = false;
    flush();
  }

  private void flush() {
    if (phase != Phase.CLOSED) {
      writer.flush();
    }
  }

  // ---- sending ----

  void send(Http2Stream stream, ByteBuf data) {
    sendFlow.send(stream, data);
    flushLater();
  }

  void sendEnd(Http2Stream stream) {
    sendFlow.sendEnd(stream);
    flushLater();
  }

  /** Sends the block that {@link #encoder} holds. */
  void writeBlock(Http2Stream stream, boolean end) {
    HpackEncoder hpack = encoder.hpack();
    writer.headers(stream.id, hpack.block(), hpack.length(), end);
  }

  void localEnd(Http2Stream stream) {
    stream.localEnded = true;
    finishIfDone(stream);
  }

  // ---- stream ends ----

  /** Drops a stream both of whose directions ended. */
  void finishIfDone(Http2Stream stream) {
    if (stream.localEnded && stream.remoteEnded && !stream.closed) {
      stream.closed = true;
      streams.remove(stream.id);
      receiveFlow.ended(stream);
      guard.onCompleted();
      onStreamGone();
    }
  }

  /** Drops a stream that was reset by either side; undelivered credit returns to the connection. */
  private void abandon(Http2Stream stream) {
    stream.closed = true;
    sendFlow.abandon(stream);
    if (stream.id != 0) {
      streams.remove(stream.id);
    }
    receiveFlow.abandon(stream);
  }

  void resetByUser(Http2Stream stream, Reset reason) {
    boolean onWire = stream.id != 0;
    if (onWire) {
      sendReset(stream.id, reason.code());
    }
    abandon(stream);
    if (onWire) {
      onStreamGone();
    }
    flushLater();
  }

  /** Sends RST_STREAM. */
  void sendReset(int stream, long code) {
    writer.rstStream(stream, code);
  }

  /** Ends one stream because of what the peer sent in it. */
  void violate(Http2Stream stream, ErrorCode code, String cause) throws Http2Violation {
    sendReset(stream.id, code.code());
    drop(stream, Reset.violation(code, cause));
    onStreamViolation(code, cause);
  }

  /** Ends one stream, without a word to the peer. */
  void drop(Http2Stream stream, Reset reason) {
    abandon(stream);
    stream.reportReset(reason);
    onStreamGone();
  }

  void openStream(int id, Http2Stream stream) {
    stream.id = id;
    sendFlow.open(stream);
    receiveFlow.open(stream);
    streams.put(id, stream);
  }

  // ---- receiving: data ----

  @Override
  public void dataBegins(int id, int length, boolean end) throws Http2Violation {
    receiveFlow.take(length);
    dataStream = null;
    dataEnds = end;
    dataSeen = false;
    Http2Stream stream = streams.get(id);
    if (stream == null) {
      guard.onIgnored();
      onUnknownStream(Frames.DATA, id);
    } else if (stream.remoteEnded) {
      violate(stream, ErrorCode.STREAM_CLOSED, "DATA after the end of the message");
    } else if (!stream.headReceived) {
      violate(stream, ErrorCode.PROTOCOL_ERROR, "DATA before the head");
    } else if (length > stream.receiveWindow) {
      violate(stream, ErrorCode.FLOW_CONTROL_ERROR, "stream window exceeded");
    } else {
      stream.receiveWindow -= length;
      dataStream = stream;
    }
  }

  @Override
  public void dataPadding(int bytes) {
    if (dataStream != null) {
      receiveFlow.give(dataStream, bytes);
    } else {
      receiveFlow.give(bytes);
    }
  }

  @Override
  public void data(ByteBuf data, boolean last) throws Http2Violation {
    int bytes = data.readableBytes();
    boolean end = last && dataEnds;
    Http2Stream stream = dataStream;
    dataSeen |= bytes > 0;
    if (last) {
      dataStream = null;
      try {
        guard.onData(dataSeen, end);
      } catch (Http2Violation violation) {
        data.release();
        throw violation;
      }
    }
    if (stream == null || stream.closed) {
      data.release();
      receiveFlow.give(bytes);
      return;
    }
    if (stream.expectedBytes != Http2Stream.ANY_LENGTH) {
      stream.expectedBytes -= bytes;
      if (stream.expectedBytes < 0 || (end && stream.expectedBytes > 0)) {
        data.release();
        receiveFlow.give(bytes);
        violate(stream, ErrorCode.PROTOCOL_ERROR, "body does not match content-length");
        return;
      }
    }
    if (bytes == 0 && !end) {
      data.release();
      return;
    }
    stream.unconsumed += bytes;
    stream.remoteEnded |= end;
    stream.listener().onData(data, end);
    if (end) {
      finishIfDone(stream);
    }
  }

  void consumed(Http2Stream stream, int bytes) {
    receiveFlow.give(stream, bytes);
    flushLater();
  }

  // ---- receiving: the rest ----

  @Override
  public void headers(int id, byte[] block, int offset, int length, boolean end)
      throws Http2Violation {
    guard.onHeaders();
    Http2Stream stream = streams.get(id);
    if (stream == null) {
      onBlockOfUnknownStream(id, block, offset, length, end);
      return;
    }
    decode(block, offset, length);
    if (stream.remoteEnded) {
      violate(stream, ErrorCode.STREAM_CLOSED, "HEADERS after the end of the message");
    } else {
      onBlock(stream, end);
    }
  }

  /** Decodes a block into {@link #assembler}. */
  void decode(byte[] block, int offset, int length) throws Http2Violation {
    assembler.begin();
    hpackDecoder.decode(block, offset, length, assembler);
  }

  /** Takes the trailers which {@link #assembler} holds. */
  void onTrailers(Http2Stream stream, boolean end) throws Http2Violation {
    HeaderBlock trailers = assembler.isTooLarge() ? null : assembler.trailers();
    if (assembler.isTooLarge()) {
      violate(stream, ErrorCode.ENHANCE_YOUR_CALM, "trailers too large");
    } else if (trailers == null) {
      violate(stream, ErrorCode.PROTOCOL_ERROR, String.valueOf(assembler.fault()));
    } else if (!end) {
      violate(stream, ErrorCode.PROTOCOL_ERROR, "second head in one message");
    } else if (stream.expectedBytes > 0) {
      violate(stream, ErrorCode.PROTOCOL_ERROR, "body does not match content-length");
    } else {
      stream.remoteEnded = true;
      stream.listener().onTrailers(trailers);
      finishIfDone(stream);
    }
  }

  @Override
  public void priority(int stream) throws Http2Violation {
    guard.onIgnored();
  }

  @Override
  public void unknown() throws Http2Violation {
    guard.onIgnored();
  }

  @Override
  public void rstStream(int id, long code) throws Http2Violation {
    Http2Stream stream = streams.get(id);
    if (stream == null) {
      guard.onIgnored();
      onUnknownStream(Frames.RST_STREAM, id);
      return;
    }
    drop(stream, Reset.peer(code));
    onPeerReset(stream);
  }

  @Override
  public void settingsBegin() throws Http2Violation {
    guard.onSettings();
  }

  @Override
  public void setting(int id, long value) throws Http2Violation {
    switch (id) {
      case Frames.SETTING_HEADER_TABLE_SIZE -> encoder.hpack().peerTableSize(value);
      case Frames.SETTING_INITIAL_WINDOW_SIZE -> sendFlow.streamWindow(value);
      case Frames.SETTING_MAX_FRAME_SIZE -> {
        if (value < Frames.DEFAULT_MAX_FRAME_BYTES || value > Frames.LARGEST_MAX_FRAME_BYTES) {
          throw new Http2Violation(ErrorCode.PROTOCOL_ERROR, "frame size of " + value + " bytes");
        }
        writer.maxFrameBytes((int) value);
      }
      default -> onPeerSetting(id, value);
    }
  }

  @Override
  public void settingsEnd() throws Http2Violation {
    writer.settingsAck();
    sendFlow.applySettings();
    onPeerSettings();
  }

  @Override
  public void settingsAck() throws Http2Violation {
    guard.onIgnored();
    receiveFlow.settingsAcknowledged();
  }

  @Override
  public void ping(long payload) throws Http2Violation {
    guard.onPing();
    writer.ping(payload, true);
  }

  @Override
  public void pingAck(long payload) throws Http2Violation {
    guard.onIgnored();
    if (payload != KEEP_ALIVE_PING) {
      onPingAnswered(payload);
    }
  }

  @Override
  public void goAway(int last, long code, String debug) throws Http2Violation {
    guard.onIgnored();
    onGoAway(last, code, debug);
  }

  @Override
  public void windowUpdate(int id, int increment) throws Http2Violation {
    guard.onWindowUpdate();
    if (id == 0) {
      sendFlow.grow(increment);
      return;
    }
    Http2Stream stream = streams.get(id);
    if (stream == null) {
      onUnknownStream(Frames.WINDOW_UPDATE, id);
    } else {
      sendFlow.grow(stream, increment);
    }
  }
}
