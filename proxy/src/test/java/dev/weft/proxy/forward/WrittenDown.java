package dev.weft.proxy.forward;

import dev.weft.proxy.http.BodySink;
import dev.weft.proxy.http.BodySource;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.Reset;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** An exchange that writes down what is sent on it, and what is reported as consumed. */
abstract class WrittenDown implements BodySink, BodySource {
  public final StringBuilder body = new StringBuilder();
  public @Nullable HeaderBlock trailers;
  public @Nullable Reset reset;
  public boolean ended;
  public int consumed;

  @Override
  public void data(ByteBuf data, boolean end) {
    body.append(data.toString(StandardCharsets.US_ASCII));
    data.release();
    ended |= end;
  }

  @Override
  public void trailers(HeaderBlock block) {
    trailers = block;
    ended = true;
  }

  @Override
  public void reset(Reset reason) {
    reset = reason;
  }

  @Override
  public void consumed(int bytes) {
    consumed += bytes;
  }
}
