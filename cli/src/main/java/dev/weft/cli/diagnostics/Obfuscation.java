package dev.weft.cli.diagnostics;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces what names somebody in Prometheus text by the beginning of its digest. */
final class Obfuscation {
  private static final int BYTES = 4;
  private static final Pattern LABELS =
      Pattern.compile(
          "\\b(authority|client_id|server_id|target_addr|dst_service|dst_namespace)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  private Obfuscation() {}

  static String apply(String metrics) {
    return LABELS
        .matcher(metrics)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(match.group(1) + "=\"" + digest(match.group(2)) + "\""));
  }

  private static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
