package dev.weft.proxy.http.http2;

import dev.weft.proxy.http.ErrorCode;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What both sides of a connection have in common: its life, its streams and how they end. Runs on
 * the channel's loop only. What the peer's frames mean is in {@link PeerFrames}.
 *
 * <p>Bounds: received bytes in memory are bounded by {@link ReceiveFlow}, bytes to be sent by
 * {@link SendFlow}. Heads and control frames go out at once, but nothing more is read while {@link
 * #MAX_UNSENT_BYTES} of them wait for a peer that does not read.
 *
 * <p>What one read brought is answered in one flush; what other connections of the loop cause is
 * gathered until the loop's turn ends.
 */
abstract class Http2Connection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Http2Connection.class);

  /** Unsent bytes beyond the channel's low water mark at which reading stops. */
  static final long MAX_UNSENT_BYTES = 1 << 20;

  static final long KEEP_ALIVE_PING = 0x7765_6674_6c69_7665L;

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
  private FrameReader reader;
  private HangUp hangUp;

  private final boolean server;
  private final Runnable flushTask = this::flushScheduled;

  private boolean open = true;
  private boolean started;
  private boolean reading;
  private boolean readOnce;
  private boolean readPaused;
  private boolean flushing;
  private @Nullable KeepAlive keepAlive;

  Http2Connection(Http2Settings settings, boolean server) {
    this.settings = settings;
    this.assembler = new HeadAssembler(settings.maxHeaderListBytes());
    this.server = server;
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
    return open;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    ctx = added;
    writer = new FrameWriter(added);
    guard = new FloodGuard(added.executor().ticker());
    sendFlow = new SendFlow(this, added.channel(), writer, guard);
    receiveFlow = new ReceiveFlow(this, writer, settings);
    reader =
        new FrameReader(
            new PeerFrames(this, writer, guard, sendFlow, receiveFlow),
            server,
            settings.maxFrameBytes(),
            settings.maxHeaderListBytes());
    hangUp = new HangUp(added, writer);
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
    hangUp.now();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (!open) {
        hangUp.discard(in.readableBytes());
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

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    reading = false;
    flush();
    if (!hangUp.isDone()) {
      readMore();
    }
  }

  private void readMore() {
    readPaused = open && channel().bytesBeforeWritable() > MAX_UNSENT_BYTES;
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
    hangUp.now();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    terminate(Reset.CONNECTION_CLOSED);
    hangUp.now();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException || cause instanceof DecoderException) {
      LOG.debug("HTTP/2 connection failed conn={} cause={}", channel(), cause.toString());
      terminate(Reset.connection("connection failed: " + cause.getMessage()));
      hangUp.now();
      return;
    }
    LOG.error("HTTP/2 connection ended by a programming error conn={}", channel(), cause);
    end(ErrorCode.INTERNAL_ERROR, "internal error", Reset.connection("internal error"));
  }

  /** Ends the connection because the peer broke its rules. */
  void fail(ErrorCode code, String cause) {
    if (open) {
      onConnectionViolation(code, cause);
      end(code, cause, Reset.connection("peer broke HTTP/2: " + cause));
    }
  }

  private void end(ErrorCode code, String debug, Reset reason) {
    if (!open) {
      hangUp.now();
      return;
    }
    writer.goAway(lastPeerStream(), code.code(), debug);
    terminate(reason);
    reading = false;
    hangUpWhenSent();
    hangUp.linger();
  }

  /** Closes at once; open exchanges hear a reset. */
  public void close() {
    if (open) {
      writer.goAway(lastPeerStream(), ErrorCode.NO_ERROR.code(), "");
      terminate(Reset.connection("connection closed by this proxy"));
      flush();
    }
    hangUp.now();
  }

  /** Ends a connection on which nothing is open, as soon as everything written went out. */
  void closeWhenSent() {
    if (open) {
      terminate(Reset.NO_ERROR);
      hangUpWhenSent();
    }
  }

  private void hangUpWhenSent() {
    flush();
    hangUp.whenSent();
  }

  /** Resets what is open, once. */
  private void terminate(Reset reason) {
    if (!open) {
      return;
    }
    open = false;
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
    if (!hangUp.isDone()) {
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

  // ---- receiving ----

  void consumed(Http2Stream stream, int bytes) {
    receiveFlow.give(stream, bytes);
    flushLater();
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
}
