package dev.weft.proxy.admin;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the admin port.
 *
 * @param status the HTTP status
 * @param contentType null where there is no body
 * @param allow the methods of {@code allow}, null for none
 * @param gzip whether the body is compressed
 * @param body the bytes
 */
record AdminResponse(
    int status, @Nullable String contentType, @Nullable String allow, boolean gzip, byte[] body) {
  private static final String TEXT = "text/plain";
  private static final String JSON = "application/json";

  static AdminResponse text(int status, String body) {
    return new AdminResponse(status, TEXT, null, false, body.getBytes(StandardCharsets.UTF_8));
  }

  static AdminResponse json(int status, String body) {
    return new AdminResponse(status, JSON, null, false, body.getBytes(StandardCharsets.UTF_8));
  }

  static AdminResponse empty(int status) {
    return new AdminResponse(status, null, null, false, new byte[0]);
  }

  static AdminResponse notAllowed(String allow) {
    return new AdminResponse(405, null, allow, false, new byte[0]);
  }

  static AdminResponse of(String contentType, String body) {
    return new AdminResponse(200, contentType, null, false, body.getBytes(StandardCharsets.UTF_8));
  }

  static AdminResponse compressed(String contentType, byte[] body) {
    return new AdminResponse(200, contentType, null, true, body);
  }
}
