package dev.weft.injection;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads resource quantities as Kubernetes writes them: {@code 100m}, {@code 1.5}, {@code 20Mi}. */
final class Quantities {
  private static final Pattern QUANTITY =
      Pattern.compile(
          "\\+?([0-9]{1,18}\\.?[0-9]{0,9}|\\.[0-9]{1,9})([KMGTPE]i|[numkMGTPE]|[eE][-+]?[0-9]{1,2})?");
  private static final Map<String, String> FACTORS =
      Map.ofEntries(
          Map.entry("n", "1e-9"),
          Map.entry("u", "1e-6"),
          Map.entry("m", "1e-3"),
          Map.entry("k", "1e3"),
          Map.entry("M", "1e6"),
          Map.entry("G", "1e9"),
          Map.entry("T", "1e12"),
          Map.entry("P", "1e15"),
          Map.entry("E", "1e18"),
          Map.entry("Ki", "1024"),
          Map.entry("Mi", "1048576"),
          Map.entry("Gi", "1073741824"),
          Map.entry("Ti", "1099511627776"),
          Map.entry("Pi", "1125899906842624"),
          Map.entry("Ei", "1152921504606846976"));

  private Quantities() {}

  /** The number; empty where the text is no quantity, or a negative one. */
  static Optional<BigDecimal> parse(String text) {
    Matcher matcher = QUANTITY.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    BigDecimal number = new BigDecimal(matcher.group(1));
    String suffix = matcher.group(2);
    if (suffix == null) {
      return Optional.of(number);
    }
    String factor = FACTORS.getOrDefault(suffix, "1" + suffix);
    return Optional.of(number.multiply(new BigDecimal(factor)));
  }

  /** The number, rounded up to whole ones, at least one. */
  static int roundedUp(BigDecimal quantity) {
    BigDecimal whole = quantity.setScale(0, RoundingMode.CEILING);
    return whole.max(BigDecimal.ONE).min(BigDecimal.valueOf(1024)).intValueExact();
  }
}
