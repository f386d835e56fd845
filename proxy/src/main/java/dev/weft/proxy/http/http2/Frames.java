package dev.weft.proxy.http.http2;

/** The numbers of RFC 9113: frame types, flags, settings. */
final class Frames {
  static final int HEADER_BYTES = 9;

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int FLAG_ACK = 0x1;
  static final int FLAG_END_STREAM = 0x1;
  static final int FLAG_END_HEADERS = 0x4;
  static final int FLAG_PADDED = 0x8;
  static final int FLAG_PRIORITY = 0x20;

  static final int SETTING_HEADER_TABLE_SIZE = 1;
  static final int SETTING_ENABLE_PUSH = 2;
  static final int SETTING_MAX_CONCURRENT_STREAMS = 3;
  static final int SETTING_INITIAL_WINDOW_SIZE = 4;
  static final int SETTING_MAX_FRAME_SIZE = 5;
  static final int SETTING_MAX_HEADER_LIST_SIZE = 6;

  static final int DEFAULT_MAX_FRAME_BYTES = 16_384;
  static final int LARGEST_MAX_FRAME_BYTES = 16_777_215;
  static final int DEFAULT_WINDOW_BYTES = 65_535;
  static final int LARGEST_WINDOW_BYTES = Integer.MAX_VALUE;

  /** What a client sends first (RFC 9113, section 3.4). */
  static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private Frames() {}
}
