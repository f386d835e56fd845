package dev.weft.e2e;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * Where the preparation of a class misses something, each of its tests is skipped and says what.
 * Left to itself, the report names neither the tests nor the reason.
 */
public final class SkippedByName
    implements LifecycleMethodExecutionExceptionHandler, BeforeEachCallback {
  private @Nullable TestAbortedException missing;

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable cause)
      throws Throwable {
    if (!(cause instanceof TestAbortedException aborted)) {
      throw cause;
    }
    missing = aborted;
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    if (missing != null) {
      throw missing;
    }
  }
}
