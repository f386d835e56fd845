package dev.weft.mesh;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Selects objects by their labels; all conditions must hold, and none selects everything.
 *
 * @param matchLabels labels that must be there with these values
 * @param matchExpressions further conditions
 */
public record LabelSelector(Map<String, String> matchLabels, List<Expression> matchExpressions) {
  /** Selects everything. */
  public static final LabelSelector ALL = new LabelSelector(Map.of(), List.of());

  /** Copies both. */
  public LabelSelector {
    matchLabels = Map.copyOf(matchLabels);
    matchExpressions = List.copyOf(matchExpressions);
  }

  /** Selects what carries these labels. */
  public static LabelSelector of(Map<String, String> matchLabels) {
    return new LabelSelector(matchLabels, List.of());
  }

  /** Whether an object with these labels is selected. */
  public boolean matches(Map<String, String> labels) {
    for (Map.Entry<String, String> wanted : matchLabels.entrySet()) {
      if (!wanted.getValue().equals(labels.get(wanted.getKey()))) {
        return false;
      }
    }
    for (Expression expression : matchExpressions) {
      if (!expression.matches(labels)) {
        return false;
      }
    }
    return true;
  }

  /** How an expression compares. */
  public enum Operator {
    /** The label is there with one of the values. */
    IN("In"),
    /** The label is absent or has none of the values. */
    NOT_IN("NotIn"),
    /** The label is there. */
    EXISTS("Exists"),
    /** The label is absent. */
    DOES_NOT_EXIST("DoesNotExist");

    private final String text;

    Operator(String text) {
      this.text = text;
    }

    /** The spelling in manifests. */
    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * One condition on one label. By the contract, {@code Exists} and {@code DoesNotExist} with a
   * {@code values} key, even an empty one, never match; nor do {@code In} and {@code NotIn}
   * without.
   *
   * @param key the label's key
   * @param operator the comparison
   * @param values the values, or null where the manifest has no such key
   */
  public record Expression(String key, Operator operator, @Nullable List<String> values) {
    /** Copies the values. */
    public Expression {
      values = values == null ? null : List.copyOf(values);
    }

    boolean matches(Map<String, String> labels) {
      String actual = labels.get(key);
      List<String> given = values;
      return switch (operator) {
        case IN -> given != null && actual != null && given.contains(actual);
        case NOT_IN -> given != null && (actual == null || !given.contains(actual));
        case EXISTS -> given == null && actual != null;
        case DOES_NOT_EXIST -> given == null && actual == null;
      };
    }
  }
}
