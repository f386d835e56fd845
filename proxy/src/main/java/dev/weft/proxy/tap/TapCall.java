package dev.weft.proxy.tap;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.api.tap.ObserveRequest;
import dev.weft.api.tap.TapEvent;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.RequestListener;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.ServerExchange;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.Ticker;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@code Observe}: reads its one message, then streams events. Runs on the admin loop
 * only, but for the wake-ups of its tap.
 */
final class TapCall implements RequestListener {
  /** Largest request read. */
  private static final int MAX_REQUEST_BYTES = 64 * 1024;

  /** Bytes under way to the client at most; more events wait in the tap's queue. */
  private static final int MAX_PENDING_BYTES = 64 * 1024;

  private static final int PREFIX_BYTES = 5;
  private static final AsciiString GRPC_CONTENT = AsciiString.cached("application/grpc");

  private final ServerExchange exchange;
  private final Taps taps;
  private final TapMetrics metrics;
  private final Ticker ticker;
  private final EventLoop loop;
  private final ByteArrayOutputStream request = new ByteArrayOutputStream(0);
  private final AtomicBoolean woken = new AtomicBoolean();
  private @Nullable Tap tap;
  private int base = -1;
  private int pendingBytes;
  private boolean over;

  TapCall(ServerExchange exchange, Taps taps, TapMetrics metrics, Ticker ticker, EventLoop loop) {
    this.exchange = exchange;
    this.taps = taps;
    this.metrics = metrics;
    this.ticker = ticker;
    this.loop = loop;
  }

  /** The client may tap: the call is read. */
  void begin(int number) {
    base = number;
  }

  /** What speaks no gRPC is told so in HTTP. */
  void refuseHttp() {
    over = true;
    ResponseHead head = ResponseHead.of(415);
    head.headers.add(HeaderNames.CONTENT_LENGTH, HeaderNames.ZERO);
    exchange.respond(head, true);
  }

  /** Ends the call with a status. */
  void end(GrpcCode code, String message) {
    if (over) {
      return;
    }
    HeaderBlock status = new HeaderBlock();
    status.add(HeaderNames.GRPC_STATUS, AsciiString.of(Integer.toString(code.number())));
    if (!message.isEmpty()) {
      status.add(HeaderNames.GRPC_MESSAGE, AsciiString.of(message));
    }
    if (tap == null) {
      status.add(HeaderNames.CONTENT_TYPE, GRPC_CONTENT);
      exchange.respond(new ResponseHead(HttpVersion.HTTP_2, 200, null, status), true);
    } else {
      exchange.trailers(status);
    }
    close();
  }

  @Override
  public void onData(ByteBuf data, boolean end) {
    int size = data.readableBytes();
    try {
      if (!over && base >= 0 && tap == null) {
        if (size > PREFIX_BYTES + MAX_REQUEST_BYTES - request.size()) {
          end(GrpcCode.RESOURCE_EXHAUSTED, "the request is too large");
        } else {
          byte[] bytes = new byte[size];
          data.readBytes(bytes);
          request.writeBytes(bytes);
        }
      }
    } finally {
      data.release();
    }
    exchange.consumed(size);
    if (end) {
      requested();
    }
  }

  @Override
  public void onTrailers(HeaderBlock trailers) {
    requested();
  }

  private void requested() {
    if (over || base < 0 || tap != null) {
      return;
    }
    try {
      observe(parse());
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      end(GrpcCode.INVALID_ARGUMENT, printable(String.valueOf(e.getMessage())));
    }
  }

  private ObserveRequest parse() throws InvalidProtocolBufferException {
    ByteBuffer message = ByteBuffer.wrap(request.toByteArray());
    if (message.remaining() < PREFIX_BYTES
        || message.get() != 0
        || message.getInt() != message.remaining()) {
      throw new IllegalArgumentException("not one uncompressed message");
    }
    return ObserveRequest.parseFrom(message);
  }

  private void observe(ObserveRequest observe) {
    long limit = Integer.toUnsignedLong(observe.getLimit());
    if (limit == 0) {
      throw new IllegalArgumentException("the limit is above 0");
    }
    if (!observe.hasMatch()) {
      throw new IllegalArgumentException("a match is missing");
    }
    boolean headers = observe.getExtract().getHttp().hasHeaders();
    Tap made = new Tap(base, limit, TapMatch.of(observe.getMatch()), headers, ticker, this::wake);
    if (!taps.add(made)) {
      end(GrpcCode.RESOURCE_EXHAUSTED, "there are too many taps");
      return;
    }
    tap = made;
    metrics.open.add(1);
    ResponseHead head = new ResponseHead(HttpVersion.HTTP_2, 200, null, new HeaderBlock());
    head.headers.add(HeaderNames.CONTENT_TYPE, GRPC_CONTENT);
    exchange.respond(head, false);
  }

  /** On any thread: there may be something to send. */
  private void wake() {
    if (woken.compareAndSet(false, true)) {
      loop.execute(this::send);
    }
  }

  private void send() {
    woken.set(false);
    Tap from = tap;
    if (over || from == null) {
      return;
    }
    while (pendingBytes < MAX_PENDING_BYTES) {
      TapEvent event = from.poll();
      if (event == null) {
        break;
      }
      byte[] message = event.toByteArray();
      ByteBuf frame = exchange.connection().channel().alloc().buffer(PREFIX_BYTES + message.length);
      frame.writeByte(0).writeInt(message.length).writeBytes(message);
      pendingBytes += frame.readableBytes();
      metrics.events.increment();
      exchange.data(frame, false);
    }
    if (from.isComplete()) {
      end(GrpcCode.OK, "");
    }
  }

  @Override
  public void onWritten(int bytes) {
    pendingBytes -= bytes;
    wake();
  }

  @Override
  public void onReset(Reset reason) {
    close();
  }

  private void close() {
    over = true;
    Tap was = tap;
    if (was != null) {
      tap = null;
      taps.remove(was);
      metrics.open.add(-1);
      metrics.dropped.add(was.dropped());
    }
  }

  private static String printable(String text) {
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    return new String(ascii, StandardCharsets.US_ASCII).replace('%', ' ').replace('\n', ' ');
  }
}
