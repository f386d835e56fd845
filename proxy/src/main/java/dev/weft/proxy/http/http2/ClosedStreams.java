package dev.weft.proxy.http.http2;

import java.util.Arrays;

/**
 * Remembers the streams this side reset last, whose frames the peer may have sent before it knew.
 * Bounded: an older one is forgotten, and its late frames then count as the peer's error. Runs on
 * the connection's loop only.
 */
final class ClosedStreams {
  private static final int MAX_REMEMBERED = 1024;
  private static final int INITIAL = 16;

  private int[] ids = new int[0];
  private int next;

  void add(int id) {
    if (next == ids.length && next < MAX_REMEMBERED) {
      ids = Arrays.copyOf(ids, Math.max(INITIAL, next * 2));
    }
    if (next == ids.length) {
      next = 0;
    }
    ids[next++] = id;
  }

  boolean contains(int id) {
    for (int known : ids) {
      if (known == id) {
        return true;
      }
    }
    return false;
  }
}
