package dev.weft.proxy.accesslog;

import dev.weft.proxy.log.Json;
import org.jspecify.annotations.Nullable;

/** How a line is written. What clients sent never breaks a line: control characters are escaped. */
public enum AccessFormat {
  /** The beginning of the common log format. */
  APACHE {
    @Override
    String line(AccessedRequest request, @Nullable AccessedResponse response) {
      StringBuilder out = new StringBuilder(160);
      out.append(request.client()).append(' ').append(request.clientId()).append(" - [");
      out.append(request.timestamp()).append("] \"");
      escaped(out, request.method());
      out.append(' ');
      escaped(out, request.uri());
      out.append(' ').append(request.version()).append("\" ");
      return out.append(response == null ? "-" : response.status()).append('\n').toString();
    }
  },
  /** A flat JSON object. */
  JSON {
    @Override
    String line(AccessedRequest request, @Nullable AccessedResponse response) {
      StringBuilder out = new StringBuilder(384).append('{');
      text(out, "client.addr", request.client());
      text(out, "client.id", request.clientId());
      text(out, "timestamp", request.timestamp().toString());
      text(out, "method", request.method());
      text(out, "uri", request.uri());
      text(out, "version", request.version());
      text(out, "trace_id", request.traceId());
      text(out, "request_bytes", request.requestBytes());
      if (response != null) {
        number(out, "status", response.status());
        text(out, "response_bytes", response.responseBytes());
        number(out, "total_ns", response.totalNanos());
        number(out, "processing_ns", response.processingNanos());
      }
      text(out, "user_agent", request.userAgent());
      text(out, "host", request.host());
      out.setCharAt(out.length() - 1, '}');
      return out.append('\n').toString();
    }
  };

  /**
   * A line, with its end.
   *
   * @param response null if the request ended without
   */
  abstract String line(AccessedRequest request, @Nullable AccessedResponse response);

  private static void text(StringBuilder out, String name, String value) {
    Json.quote(out, name);
    out.append(':');
    Json.quote(out, value);
    out.append(',');
  }

  private static void number(StringBuilder out, String name, long value) {
    Json.quote(out, name);
    out.append(':').append(value).append(',');
  }

  private static void escaped(StringBuilder out, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        out.append(String.format("\\x%02x", (int) c & 0xff));
      } else {
        out.append(c);
      }
    }
  }
}
