package dev.weft.proxy.tap;

import dev.weft.proxy.http.RequestHead;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The taps now open. A request asks once; while nobody taps that is one read. Thread-safe.
 *
 * <p>Source: facts/proxy.md 5.1.
 */
public final class Taps {
  /** Taps at once; the contract's collector has one per user. */
  static final int MAX_TAPS = 64;

  private final CopyOnWriteArrayList<Tap> active = new CopyOnWriteArrayList<>();

  /** No taps yet. */
  public Taps() {}

  /** False if there are too many. */
  boolean add(Tap tap) {
    if (active.size() >= MAX_TAPS) {
      return false;
    }
    return active.add(tap);
  }

  void remove(Tap tap) {
    active.remove(tap);
  }

  /** Whether anybody may want to see a request. */
  public boolean any() {
    return !active.isEmpty();
  }

  /**
   * A request is about to be sent to an endpoint.
   *
   * @param head borrowed
   * @return who is to hear how it goes on; null if nobody
   */
  public @Nullable TapStream open(TapSubject subject, RequestHead head) {
    List<Tap.Stream> taken = new ArrayList<>(1);
    for (Tap tap : active) {
      Tap.Stream stream = tap.open(subject, head);
      if (stream != null) {
        taken.add(stream);
      }
    }
    return taken.isEmpty() ? null : new TapStream(taken);
  }
}
