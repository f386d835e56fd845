package dev.weft.resources.decode;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the quantities of Kubernetes: {@code 1}, {@code 500m}, {@code 1.5k}, {@code 2Ki}, {@code
 * 1e3}, as a string or a number.
 */
final class Quantity {
  /** Longest text: bounds the work of a hostile exponent. */
  private static final int MAX_LENGTH = 32;

  private static final Pattern SYNTAX =
      Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE]([+-]?[0-9]{1,2})|([a-zA-Z]*))");
  private static final Map<String, BigDecimal> UNITS =
      Map.ofEntries(
          Map.entry("n", BigDecimal.ONE.scaleByPowerOfTen(-9)),
          Map.entry("u", BigDecimal.ONE.scaleByPowerOfTen(-6)),
          Map.entry("m", BigDecimal.ONE.scaleByPowerOfTen(-3)),
          Map.entry("", BigDecimal.ONE),
          Map.entry("k", BigDecimal.ONE.scaleByPowerOfTen(3)),
          Map.entry("M", BigDecimal.ONE.scaleByPowerOfTen(6)),
          Map.entry("G", BigDecimal.ONE.scaleByPowerOfTen(9)),
          Map.entry("Ki", new BigDecimal(BigInteger.ONE.shiftLeft(10))),
          Map.entry("Mi", new BigDecimal(BigInteger.ONE.shiftLeft(20))),
          Map.entry("Gi", new BigDecimal(BigInteger.ONE.shiftLeft(30))));

  private Quantity() {}

  /** The field in thousandths, rounded up, not negative; it must be there. */
  static long millis(Fields fields, String name) {
    String text = fields.scalarText(name);
    Matcher matcher = SYNTAX.matcher(text);
    if (text.length() > MAX_LENGTH || !matcher.matches()) {
      throw fields.invalid(name, "a quantity such as 1 or 500m");
    }
    BigDecimal value = new BigDecimal(matcher.group(1));
    if (matcher.group(2) != null) {
      value = value.scaleByPowerOfTen(Integer.parseInt(matcher.group(2)));
    } else {
      BigDecimal unit = UNITS.get(matcher.group(3));
      if (unit == null) {
        throw fields.invalid(name, "a quantity with unit n, u, m, k, M, G, Ki, Mi, Gi or none");
      }
      value = value.multiply(unit);
    }
    BigDecimal millis = value.movePointRight(3).setScale(0, RoundingMode.CEILING);
    if (millis.unscaledValue().bitLength() > 62) {
      throw fields.invalid(name, "a smaller quantity");
    }
    return millis.longValueExact();
  }
}
