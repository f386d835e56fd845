package dev.weft.proxy.http.http1;

/**
 * How much of one body is delivered and not consumed, and whether more may be. Runs on the
 * channel's loop only.
 *
 * <p>A delivery costs at least {@link #MIN_COST_BYTES}, as every one keeps a whole read buffer
 * alive: a peer that sends single bytes would otherwise pin thousands of them.
 */
final class Credit {
  private static final int MIN_COST_BYTES = 512;

  private final int maxBytes;
  private int delivered;
  private int overhead;

  Credit(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  boolean isAvailable() {
    return delivered + overhead < maxBytes;
  }

  void deliver(int bytes) {
    if (bytes > 0) {
      delivered += bytes;
      overhead += Math.max(0, MIN_COST_BYTES - bytes);
    }
  }

  void consumed(int bytes) {
    int gone = Math.clamp(bytes, 0, delivered);
    if (gone == delivered) {
      delivered = 0;
      overhead = 0;
    } else {
      // Which deliveries went is not told; in proportion is right on average and at the end.
      overhead -= (int) ((long) overhead * gone / delivered);
      delivered -= gone;
    }
  }
}
