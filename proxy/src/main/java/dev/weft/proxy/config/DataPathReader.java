package dev.weft.proxy.config;

import dev.weft.proxy.http.http2.Http2Settings;
import java.time.Duration;

/** Reads what inbound and outbound have both. */
final class DataPathReader {
  private static final Duration DETECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration BACKOFF_MIN = Duration.ofMillis(100);
  private static final double BACKOFF_JITTER = 0.1;
  private static final int QUEUE_CAPACITY = 10_000;
  private static final int MAX_IN_FLIGHT = 100_000;
  private static final int MAX_IDLE_CONNECTIONS = 10_000;
  private static final Duration POOL_IDLE_TIMEOUT = Duration.ofSeconds(3);
  private static final int MIN_FRAME_BYTES = 16_384;
  private static final int MAX_FRAME_BYTES = 16_777_215;

  private final Environment env;

  DataPathReader(Environment env) {
    this.env = env;
  }

  /** The two sides and the defaults in which they differ. */
  enum Side {
    INBOUND(
        "INBOUND",
        "MAX_IDLE_CONNS_PER_ENDPOINT",
        Duration.ofMillis(300),
        Duration.ofSeconds(10),
        Duration.ofSeconds(1),
        Duration.ofSeconds(90)),
    OUTBOUND(
        "OUTBOUND",
        "OUTBOUND_MAX_IDLE_CONNS_PER_ENDPOINT",
        Duration.ofSeconds(1),
        Duration.ofSeconds(60),
        Duration.ofSeconds(3),
        Duration.ofSeconds(5));

    private final String name;
    private final String maxIdleName;
    private final Duration connectTimeout;
    private final Duration backoffMax;
    private final Duration failfastTimeout;
    private final Duration discoveryIdleTimeout;

    Side(
        String name,
        String maxIdleName,
        Duration connectTimeout,
        Duration backoffMax,
        Duration failfastTimeout,
        Duration discoveryIdleTimeout) {
      this.name = name;
      this.maxIdleName = maxIdleName;
      this.connectTimeout = connectTimeout;
      this.backoffMax = backoffMax;
      this.failfastTimeout = failfastTimeout;
      this.discoveryIdleTimeout = discoveryIdleTimeout;
    }
  }

  DataPathConfig read(Side side) {
    String p = side.name + "_";
    return new DataPathConfig(
        env.get(p + "TCP_LISTEN_BACKLOG", Grammars::unsigned, 0),
        options(p + "ACCEPT"),
        env.get(p + "DETECT_TIMEOUT", Grammars::duration, DETECT_TIMEOUT),
        new ConnectConfig(
            env.get(p + "CONNECT_TIMEOUT", Grammars::duration, side.connectTimeout),
            options(p + "CONNECT"),
            backoff(p + "CONNECT_EXP_BACKOFF", side.backoffMax)),
        new QueueConfig(
            env.get(p + "HTTP_QUEUE_CAPACITY", Grammars::unsigned, QUEUE_CAPACITY),
            env.get(p + "HTTP_FAILFAST_TIMEOUT", Grammars::duration, side.failfastTimeout)),
        env.get(p + "MAX_IN_FLIGHT", Grammars::unsigned, MAX_IN_FLIGHT),
        new PoolConfig(
            env.get(side.maxIdleName, Grammars::unsigned, MAX_IDLE_CONNECTIONS),
            env.get(
                p + "HTTP1_CONNECTION_POOL_IDLE_TIMEOUT", Grammars::duration, POOL_IDLE_TIMEOUT)),
        env.get(p + "DISCOVERY_IDLE_TIMEOUT", Grammars::duration, side.discoveryIdleTimeout),
        http2Server(p + "SERVER_HTTP2_"),
        http2Client());
  }

  private SocketOptions options(String prefix) {
    return new SocketOptions(
        env.find(prefix + "_KEEPALIVE", Grammars::duration),
        env.find(prefix + "_USER_TIMEOUT", Grammars::duration));
  }

  private BackoffConfig backoff(String prefix, Duration defaultMax) {
    BackoffConfig fallback = new BackoffConfig(BACKOFF_MIN, defaultMax, BACKOFF_JITTER);
    Duration min = env.find(prefix + "_MIN", Grammars::duration);
    Duration max = env.find(prefix + "_MAX", Grammars::duration);
    double jitter = env.get(prefix + "_JITTER", Grammars::jitter, 0.0);
    if (bothOrNeither(prefix + "_MIN", prefix + "_MAX") || min == null || max == null) {
      return fallback;
    }
    try {
      return new BackoffConfig(min, max, jitter);
    } catch (IllegalArgumentException e) {
      env.problem(Environment.PREFIX + prefix + "_MIN and _MAX refused; cause: " + e.getMessage());
      return fallback;
    }
  }

  /** Notes a problem, and returns true, if only one of two variables is set. */
  private boolean bothOrNeither(String one, String other) {
    if (env.has(one) == env.has(other)) {
      return false;
    }
    env.problem(
        Environment.PREFIX
            + (env.has(one) ? one : other)
            + " is set alone; fix: set "
            + Environment.PREFIX
            + (env.has(one) ? other : one)
            + " too, or neither");
    return true;
  }

  private Http2ServerConfig http2Server(String p) {
    Integer stream = env.find(p + "INITIAL_STREAM_WINDOW_SIZE", DataPathReader::window);
    Integer connection = env.find(p + "INITIAL_CONNECTION_WINDOW_SIZE", DataPathReader::window);
    bothOrNeither(p + "INITIAL_STREAM_WINDOW_SIZE", p + "INITIAL_CONNECTION_WINDOW_SIZE");
    Duration interval = env.find(p + "KEEP_ALIVE_INTERVAL", Grammars::duration);
    Duration timeout = env.find(p + "KEEP_ALIVE_TIMEOUT", Grammars::duration);
    bothOrNeither(p + "KEEP_ALIVE_INTERVAL", p + "KEEP_ALIVE_TIMEOUT");
    Http2Settings base = Http2Settings.DEFAULT;
    Http2Settings settings =
        new Http2Settings(
            stream == null ? base.streamWindowBytes() : stream,
            stream == null ? base.streamWindowBytes() : stream,
            connection == null ? base.connectionWindowBytes() : connectionWindow(connection),
            env.get(p + "MAX_FRAME_SIZE", DataPathReader::frameSize, base.maxFrameBytes()),
            env.get(
                p + "MAX_HEADER_LIST_SIZE", DataPathReader::headerList, base.maxHeaderListBytes()),
            env.get(p + "MAX_CONCURRENT_STREAMS", Grammars::unsigned, base.maxConcurrentStreams()),
            base.maxWaiting(),
            base.keepAliveInterval(),
            base.keepAliveTimeout(),
            base.keepAliveWhileIdle());
    if (interval != null && timeout != null) {
      settings = settings.withKeepAlive(interval, timeout, true);
    }
    boolean adaptive = env.get(p + "ADAPTIVE_FLOW_CONTROL", Grammars::bool, false);
    if (adaptive || stream == null) {
      settings = settings.withGrowingWindows();
    }
    return new Http2ServerConfig(
        settings,
        adaptive,
        env.get(p + "MAX_SEND_BUF_SIZE", Grammars::unsigned, 0),
        env.get(p + "MAX_PENDING_ACCEPT_RESET_STREAMS", Grammars::unsigned, 0));
  }

  private Http2Settings http2Client() {
    Http2Settings base = Http2Settings.DEFAULT;
    Integer stream = env.find("HTTP2_INITIAL_STREAM_WINDOW_SIZE", DataPathReader::window);
    int connection =
        connectionWindow(
            env.get(
                "HTTP2_INITIAL_CONNECTION_WINDOW_SIZE",
                DataPathReader::window,
                base.connectionWindowBytes()));
    return stream == null
        ? base.withWindows(base.streamWindowBytes(), connection).withGrowingWindows()
        : base.withWindows(stream, connection);
  }

  private static int window(String text) {
    int bytes = Grammars.unsigned(text);
    if (bytes == 0) {
      throw Grammars.refused("no byte could ever be sent", "65535 or more");
    }
    return bytes;
  }

  /** A connection begins with 65 535 bytes; the protocol cannot make that less. */
  private static int connectionWindow(int bytes) {
    return Math.max(bytes, Http2Settings.DEFAULT_STREAM_WINDOW_BYTES);
  }

  private static int headerList(String text) {
    return Math.min(Grammars.positive(text), MAX_FRAME_BYTES);
  }

  private static int frameSize(String text) {
    int bytes = Grammars.unsigned(text);
    if (bytes < MIN_FRAME_BYTES || bytes > MAX_FRAME_BYTES) {
      throw Grammars.refused("no HTTP/2 frame size", MIN_FRAME_BYTES + " to " + MAX_FRAME_BYTES);
    }
    return bytes;
  }
}
