package dev.weft.proxy.trace;

import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.RequestHead;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a span tells of its request: texts of its own, cut to {@link #MAX_CHARS}, so that a span
 * that waits keeps no more alive than that.
 *
 * @param path without the query; the span's name too
 * @param attributes all but {@code direction} and the response's
 */
record HttpFacts(String path, List<Attribute> attributes) {
  /** Longest text kept. */
  static final int MAX_CHARS = 2_048;

  private static final String HEADER = "http.request.header.";

  HttpFacts {
    attributes = List.copyOf(attributes);
  }

  /** One attribute; a number where {@code text} is null. */
  record Attribute(String name, @Nullable String text, long number) {
    static Attribute of(String name, String text) {
      return new Attribute(name, text, 0);
    }

    static Attribute of(String name, long number) {
      return new Attribute(name, null, number);
    }
  }

  /** The facts of a request as it is now; borrows the head. */
  static HttpFacts of(RequestHead head) {
    List<Attribute> found = new ArrayList<>(12);
    int question = head.path.indexOf('?', 0);
    String path = text(question < 0 ? head.path : head.path.subSequence(0, question));
    String query =
        question < 0 ? "" : text(head.path.subSequence(question + 1, head.path.length()));
    String scheme = head.scheme.isEmpty() ? "http" : text(head.scheme);
    AsciiString authority = head.effectiveAuthority();
    found.add(Attribute.of("http.request.method", text(head.method)));
    found.add(Attribute.of("url.scheme", scheme));
    found.add(Attribute.of("url.path", path));
    if (!query.isEmpty()) {
      found.add(Attribute.of("url.query", query));
    }
    found.add(Attribute.of("url.full", cut(full(scheme, authority, text(head.path)))));
    found.add(Attribute.of("network.transport", "tcp"));
    AsciiString forwarded = head.headers.get(HeaderNames.X_FORWARDED_HOST);
    server(found, withoutUser(text(forwarded == null ? authority : forwarded)));
    header(found, "user_agent.original", head.headers.get(HeaderNames.USER_AGENT));
    header(found, HEADER + "content-length", head.headers.get(HeaderNames.CONTENT_LENGTH));
    header(found, HEADER + "content-type", head.headers.get(HeaderNames.CONTENT_TYPE));
    header(found, HEADER + "l5d-orig-proto", head.headers.get(HeaderNames.L5D_ORIG_PROTO));
    return new HttpFacts(path, found);
  }

  private static String full(String scheme, AsciiString authority, String pathAndQuery) {
    return authority.isEmpty()
        ? pathAndQuery
        : scheme + "://" + redacted(text(authority)) + pathAndQuery;
  }

  /** User information says that it was there, not what it was. */
  private static String redacted(String authority) {
    int at = authority.lastIndexOf('@');
    return at < 0 ? authority : "REDACTED:REDACTED" + authority.substring(at);
  }

  private static String withoutUser(String authority) {
    return authority.substring(authority.lastIndexOf('@') + 1);
  }

  private static void server(List<Attribute> to, String authority) {
    if (authority.isEmpty()) {
      return;
    }
    int colon = authority.lastIndexOf(':');
    int port = colon > authority.lastIndexOf(']') ? port(authority.substring(colon + 1)) : -1;
    to.add(Attribute.of("server.address", port < 0 ? authority : authority.substring(0, colon)));
    if (port >= 0) {
      to.add(Attribute.of("server.port", port));
    }
  }

  private static int port(String digits) {
    try {
      int port = Integer.parseInt(digits);
      return port > 0xffff ? -1 : port;
    } catch (NumberFormatException _) {
      return -1;
    }
  }

  private static void header(List<Attribute> to, String name, @Nullable AsciiString value) {
    if (value != null) {
      to.add(Attribute.of(name, text(value)));
    }
  }

  private static String text(AsciiString value) {
    int length = Math.min(value.length(), MAX_CHARS);
    return new String(
        value.array(), value.arrayOffset(), length, java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private static String cut(String text) {
    return text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS);
  }
}
