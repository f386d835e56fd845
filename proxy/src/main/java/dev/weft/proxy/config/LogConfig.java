package dev.weft.proxy.config;

/**
 * What is logged and how.
 *
 * @param filter directives such as {@code warn,linkerd=info}; {@code off} for silence
 * @param json one JSON object per line instead of plain text
 */
public record LogConfig(String filter, boolean json) {
  /** The filter when none is configured. */
  public static final String DEFAULT_FILTER = "warn,linkerd=info,hickory=error";
}
