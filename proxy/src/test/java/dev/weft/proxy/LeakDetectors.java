package dev.weft.proxy;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Makes every leak detector of the process tell one listener. Thread-safe. */
final class LeakDetectors extends ResourceLeakDetectorFactory {
  private final ResourceLeakDetector.LeakListener listener;
  private final List<ResourceLeakDetector<?>> made = new CopyOnWriteArrayList<>();

  LeakDetectors(ResourceLeakDetector.LeakListener listener) {
    this.listener = listener;
  }

  @Override
  @SuppressWarnings("deprecation") // The one that all others end in.
  public <T> ResourceLeakDetector<T> newResourceLeakDetector(
      Class<T> resource, int samplingInterval, long maxActive) {
    ResourceLeakDetector<T> detector = new ResourceLeakDetector<>(resource, samplingInterval);
    detector.setLeakListener(listener);
    made.add(detector);
    return detector;
  }

  /** Has all detectors report what was collected; each does when it is given something to track. */
  void report() {
    made.forEach(LeakDetectors::report);
  }

  @SuppressWarnings("unchecked") // A detector tracks any object and calls nothing of it.
  private static void report(ResourceLeakDetector<?> detector) {
    Object probe = new Object();
    ResourceLeakTracker<Object> tracker = ((ResourceLeakDetector<Object>) detector).track(probe);
    if (tracker != null) {
      tracker.close(probe);
    }
  }
}
