package dev.weft.proxy.http.http2;

import dev.weft.proxy.http.BodySource;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.RequestListener;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.ResponseListener;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Notes what a listener of either side hears, one line each; data next to each other are joined.
 */
final class Recorder implements RequestListener, ResponseListener {
  private static final int MAX_NOTED_BYTES = 1024;

  final List<String> events = new ArrayList<>();
  final StringBuilder body = new StringBuilder();
  long bodyBytes;
  long written;
  boolean consumes = true;
  @Nullable BodySource source;
  @Nullable Reset reset;

  /** Called when the message ended, in whatever way. */
  Runnable whenDone = () -> {};

  Runnable whenWritten = () -> {};

  @Override
  public void onData(ByteBuf data, boolean end) {
    int bytes = data.readableBytes();
    bodyBytes += bytes;
    int noted = Math.min(bytes, MAX_NOTED_BYTES - body.length());
    body.append(data.toString(data.readerIndex(), noted, StandardCharsets.ISO_8859_1));
    data.release();
    if (consumes && source != null) {
      source.consumed(bytes);
    }
    if (end) {
      events.add(
          "data "
              + (bodyBytes > MAX_NOTED_BYTES ? bodyBytes + " bytes" : "'" + body + "'")
              + " end");
      whenDone.run();
    }
  }

  @Override
  public void onTrailers(HeaderBlock trailers) {
    events.add("trailers '" + body + "' " + text(trailers));
    whenDone.run();
  }

  @Override
  public void onReset(Reset reason) {
    reset = reason;
    events.add("reset " + reason.origin() + "/" + reason.codeName());
    whenDone.run();
  }

  @Override
  public void onWritten(int bytes) {
    written += bytes;
    whenWritten.run();
  }

  @Override
  public void onInformational(ResponseHead head) {
    events.add("informational " + head.status);
  }

  @Override
  public void onResponse(ResponseHead head, boolean end) {
    events.add("response " + head.status + text(head.headers) + (end ? " end" : ""));
    if (end) {
      whenDone.run();
    }
  }

  @Override
  public void onUpgrade(ResponseHead head) {
    events.add("upgrade " + head.status);
  }

  static String text(HeaderBlock fields) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < fields.size(); i++) {
      text.append(' ').append(fields.name(i)).append('=').append(fields.value(i));
    }
    return text.toString();
  }
}
