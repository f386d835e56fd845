package dev.weft.resources.decode;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** A resource version for objects nobody gave one: a digest of the content, order of keys aside. */
final class ContentVersion {
  private static final int BYTES = 8;

  private ContentVersion() {}

  static String of(Tree tree) {
    StringBuilder canonical = new StringBuilder();
    append(tree, canonical);
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(canonical.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** Lengths before texts keep different trees different. */
  private static void append(Tree tree, StringBuilder to) {
    switch (tree) {
      case Tree.Mapping mapping -> {
        Map<String, Tree> sorted = new TreeMap<>(mapping.fields());
        to.append('{').append(sorted.size()).append(':');
        sorted.forEach(
            (key, value) -> {
              to.append(key.length()).append('k').append(key);
              append(value, to);
            });
      }
      case Tree.Sequence sequence -> {
        to.append('[').append(sequence.items().size()).append(':');
        sequence.items().forEach(item -> append(item, to));
      }
      case Tree.Scalar scalar ->
          to.append(scalar.type().ordinal())
              .append('s')
              .append(scalar.text().length())
              .append(':')
              .append(scalar.text());
    }
  }
}
