package dev.weft.proxy.http.http2;

import dev.weft.proxy.http.ErrorCode;
import io.netty.util.concurrent.Ticker;

/**
 * Ends connections whose peer keeps this side busy without getting anything done. Runs on the
 * connection's loop only.
 *
 * <p>Each kind of frame has a {@link Budget}, generous for every honest peer known (gRPC pings once
 * per round trip while data flow, some stacks update windows for every few bytes), because it grows
 * with the data and heads that pass. The bounds on header blocks are in {@link FrameReader} and
 * {@link HeadAssembler}, the one on streams in {@link Http2ServerConnection}.
 *
 * <p>Source: RFC 9113, section 10.5; CVE-2019-9511 to 9518, CVE-2023-44487 (rapid reset),
 * CVE-2024-27316 (continuation), CVE-2025-8671 (resets provoked from the server).
 */
final class FloodGuard {
  private static final int RESETS_BURST = 500;
  private static final int RESETS_PER_SECOND = 50;
  private static final int SETTINGS_BURST = 100;
  private static final int SETTINGS_PER_SECOND = 2;
  private static final int PINGS_BURST = 1000;
  private static final int PINGS_PER_SECOND = 100;
  private static final int EMPTY_DATA_BURST = 200;
  private static final int EMPTY_DATA_PER_SECOND = 20;
  private static final int WINDOW_UPDATES_BURST = 4000;
  private static final int WINDOW_UPDATES_PER_SECOND = 200;
  private static final int IGNORED_BURST = 10_000;
  private static final int IGNORED_PER_SECOND = 1000;

  /** Updates earned by sending: one for every so many bytes, and some for each frame. */
  private static final int BYTES_PER_WINDOW_UPDATE = 1024;

  private static final int WINDOW_UPDATES_PER_FRAME = 4;

  private final Budget resets;
  private final Budget settings;
  private final Budget pings;
  private final Budget emptyData;
  private final Budget windowUpdates;
  private final Budget ignored;

  FloodGuard(Ticker ticker) {
    resets = new Budget(ticker, RESETS_BURST, RESETS_PER_SECOND);
    settings = new Budget(ticker, SETTINGS_BURST, SETTINGS_PER_SECOND);
    pings = new Budget(ticker, PINGS_BURST, PINGS_PER_SECOND);
    emptyData = new Budget(ticker, EMPTY_DATA_BURST, EMPTY_DATA_PER_SECOND);
    windowUpdates = new Budget(ticker, WINDOW_UPDATES_BURST, WINDOW_UPDATES_PER_SECOND);
    ignored = new Budget(ticker, IGNORED_BURST, IGNORED_PER_SECOND);
  }

  /** The peer reset a request, or made this side refuse or reset one. */
  void onReset() throws Http2Violation {
    spend(resets, "too many reset streams");
  }

  /** An exchange ran its course. */
  void onCompleted() {
    resets.earn(1);
  }

  void onSettings() throws Http2Violation {
    spend(settings, "too many SETTINGS frames");
  }

  void onPing() throws Http2Violation {
    spend(pings, "too many PING frames");
  }

  /** A header block that began or ended a message. */
  void onHeaders() {
    pings.earn(1);
    ignored.earn(2);
  }

  /** A DATA frame. */
  void onData(boolean holdsBytes, boolean end) throws Http2Violation {
    if (holdsBytes) {
      pings.earn(1);
      emptyData.earn(1);
    } else if (!end) {
      spend(emptyData, "too many empty DATA frames");
    }
  }

  void onWindowUpdate() throws Http2Violation {
    spend(windowUpdates, "too many WINDOW_UPDATE frames");
  }

  void onDataSent(int bytes) {
    windowUpdates.earn(WINDOW_UPDATES_PER_FRAME + bytes / BYTES_PER_WINDOW_UPDATE);
  }

  /** PRIORITY, an unknown frame, or one for a stream that is gone, as many are after a reset. */
  void onIgnored() throws Http2Violation {
    spend(ignored, "too many frames without effect");
  }

  private static void spend(Budget budget, String cause) throws Http2Violation {
    if (!budget.spend()) {
      throw new Http2Violation(ErrorCode.ENHANCE_YOUR_CALM, cause);
    }
  }
}
