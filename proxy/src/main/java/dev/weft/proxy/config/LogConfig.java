package dev.weft.proxy.config;

/**
 * What is logged and how.
 *
 * @param filter directives such as {@code warn,linkerd=info}; {@code off} for silence
 * @param json one JSON object per line instead of plain text
 * @param access whether and how a line is written per inbound request
 */
public record LogConfig(String filter, boolean json, AccessLog access) {
  /** The filter when none is configured. */
  public static final String DEFAULT_FILTER = "warn,linkerd=info,hickory=error";

  /** The form of the access log. */
  public enum AccessLog {
    /** No access log. */
    OFF,
    /** The common log format of Apache. */
    APACHE,
    /** One JSON object per line. */
    JSON
  }
}
