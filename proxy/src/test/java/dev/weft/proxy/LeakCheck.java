package dev.weft.proxy;

import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class during which a buffer, a TLS context or anything else that Netty counts was
 * collected without having been released. Registered for every class of the module (see {@code
 * junit-platform.properties}).
 */
public final class LeakCheck implements BeforeAllCallback, AfterAllCallback {
  private static final int ROUNDS = 2;
  private static final long GC_TIMEOUT_MILLIS = 5_000;
  private static final List<String> LEAKS = Collections.synchronizedList(new ArrayList<>());

  private static final LeakDetectors DETECTORS =
      new LeakDetectors((type, records) -> LEAKS.add(type + records));

  static {
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(DETECTORS);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    LEAKS.clear();
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    verify();
  }

  /** Fails when something leaked; for tests which no Jupiter extension reaches. */
  public static void verify() throws InterruptedException {
    for (int round = 0; round < ROUNDS; round++) {
      collectGarbage();
      DETECTORS.report();
    }
    List<String> leaks = List.copyOf(LEAKS);
    LEAKS.clear();
    if (!leaks.isEmpty()) {
      throw new AssertionError(leaks.size() + " leaks; the first:\n" + leaks.getFirst());
    }
  }

  private static void collectGarbage() throws InterruptedException {
    ReferenceQueue<Object> collected = new ReferenceQueue<>();
    Reference<Object> sentinel = new PhantomReference<>(new Object(), collected);
    System.gc();
    if (collected.remove(GC_TIMEOUT_MILLIS) != sentinel) {
      throw new IllegalStateException("no garbage collection within " + GC_TIMEOUT_MILLIS + " ms");
    }
  }
}
