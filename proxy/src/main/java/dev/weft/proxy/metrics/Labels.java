package dev.weft.proxy.metrics;

/**
 * An ordered set of labels, rendered once in exposition format without braces, such as {@code
 * direction="inbound",target_port="8080"}. Immutable; equal when they print equal.
 *
 * <p>Build one where a connection or endpoint begins and keep it: rendering is not for the path of
 * a request.
 */
public final class Labels {
  /** No labels. */
  public static final Labels NONE = new Labels("");

  private final String text;

  private Labels(String text) {
    this.text = text;
  }

  /** One label. */
  public static Labels of(String name, String value) {
    return NONE.and(name, value);
  }

  /** Labels from alternating names and values. */
  public static Labels of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException("a label name has no value");
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      append(out, namesAndValues[i], namesAndValues[i + 1]);
    }
    return new Labels(out.toString());
  }

  /** These labels, followed by one more. */
  public Labels and(String name, String value) {
    StringBuilder out = new StringBuilder(text);
    append(out, name, value);
    return new Labels(out.toString());
  }

  /** These labels, followed by others. */
  public Labels and(Labels others) {
    if (text.isEmpty()) {
      return others;
    }
    return others.text.isEmpty() ? this : new Labels(text + ',' + others.text);
  }

  private static void append(StringBuilder out, String name, String value) {
    if (!out.isEmpty()) {
      out.append(',');
    }
    out.append(name).append("=\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> out.append("\\\\");
        case '"' -> out.append("\\\"");
        case '\n' -> out.append("\\n");
        default -> out.append(c);
      }
    }
    out.append('"');
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Labels labels && labels.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The labels in exposition format, without braces. */
  @Override
  public String toString() {
    return text;
  }
}
