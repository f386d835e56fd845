package dev.weft.e2e.walk;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Steps that stand on one another: after the first that fails, the others are skipped by name. */
final class InOrder implements TestWatcher, ExecutionCondition {
  private @Nullable String failed;

  @Override
  public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
    failed = context.getDisplayName();
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return failed == null
        ? ConditionEvaluationResult.enabled("no step has failed")
        : ConditionEvaluationResult.disabled("skipped: the walk stopped at " + failed);
  }
}
