package dev.weft.proxy.detect;

import org.jspecify.annotations.Nullable;

/**
 * Keeps a connection that is not read yet, for example while its target is dialled. What a loop
 * reads unasked (the rest of a connection whose peer has sent FIN) is not lost. A handler to add
 * last in the pipeline. Runs on the channel's loop only.
 */
public final class Parked extends Holding implements Held {
  @Override
  void arrived() {
    // Kept until somebody proceeds.
  }

  @Override
  void readComplete() {
    // Nothing was asked for.
  }

  @Override
  void gone(@Nullable Throwable cause) {
    // Whoever parked the connection finds it closed.
  }

  @Override
  void ready() {
    // Nothing is read before it proceeds.
  }

  @Override
  public void proceed() {
    handOver();
  }
}
