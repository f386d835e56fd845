package dev.weft.proxy.http.http1;

import dev.weft.proxy.http.BodyListener;
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

/** Notes what a codec reports of one message; returns credit unless told to hold it. */
final class Recorder implements RequestListener, ResponseListener, BodyListener {
  final List<ResponseHead> informational = new ArrayList<>();
  final StringBuilder body = new StringBuilder();
  @Nullable ResponseHead response;
  boolean responseEnd;
  boolean upgraded;
  boolean ended;
  int ends;
  @Nullable HeaderBlock trailers;
  @Nullable Reset reset;
  int written;
  int held;
  int deliveries;
  boolean holdsCredit;
  @Nullable BodySource source;
  Runnable onHead = () -> {};
  Runnable onEnd = () -> {};

  @Override
  public void onInformational(ResponseHead head) {
    informational.add(head);
  }

  @Override
  public void onResponse(ResponseHead head, boolean end) {
    response = head;
    responseEnd = end;
    onHead.run();
    if (end) {
      end();
    }
  }

  @Override
  public void onUpgrade(ResponseHead head) {
    response = head;
    upgraded = true;
  }

  @Override
  public void onData(ByteBuf data, boolean end) {
    int bytes = data.readableBytes();
    deliveries++;
    body.append(data.toString(StandardCharsets.ISO_8859_1));
    data.release();
    held += bytes;
    if (!holdsCredit) {
      giveBack();
    }
    if (end) {
      end();
    }
  }

  void giveBack() {
    int bytes = held;
    held = 0;
    if (source != null && bytes > 0) {
      source.consumed(bytes);
    }
  }

  private void end() {
    ended = true;
    ends++;
    onEnd.run();
  }

  @Override
  public void onTrailers(HeaderBlock block) {
    trailers = block;
    end();
  }

  @Override
  public void onReset(Reset reason) {
    if (reset != null) {
      throw new AssertionError("reset twice: " + reset + ", " + reason);
    }
    reset = reason;
  }

  @Override
  public void onWritten(int bytes) {
    written += bytes;
  }
}
