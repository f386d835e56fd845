package dev.weft.kit.webhook;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The two objects in memory, with the versions of an API server. Replicas share one; {@link
 * #interfere} runs once before the next write, as another replica would.
 */
final class FakeObjects implements WebhookObjects {
  private @Nullable Map<String, String> texts;
  private @Nullable String since;
  private int version;
  private String bundle = "";
  private final List<String> bundles = new ArrayList<>();
  private @Nullable Runnable interference;
  private @Nullable String refusal;

  void interfere(Runnable other) {
    interference = other;
  }

  void refuse(@Nullable String cause) {
    refusal = cause;
  }

  /** A Secret which somebody else made. */
  void put(Map<String, String> foreign) {
    texts = new HashMap<>(foreign);
    since = null;
    version++;
  }

  String bundle() {
    return bundle;
  }

  /** Every bundle that was ever published. */
  List<String> bundles() {
    return List.copyOf(bundles);
  }

  int writes() {
    return version;
  }

  @Override
  public synchronized Optional<Found> read() throws IOException {
    check();
    return texts == null
        ? Optional.empty()
        : Optional.of(new Found(texts, since, String.valueOf(version)));
  }

  @Override
  public boolean create(ServingState state) throws IOException {
    check();
    runInterference();
    synchronized (this) {
      if (texts != null) {
        return false;
      }
      write(state);
      return true;
    }
  }

  @Override
  public boolean replace(ServingState state, String expected) throws IOException {
    check();
    runInterference();
    synchronized (this) {
      if (!expected.equals(String.valueOf(version))) {
        return false;
      }
      write(state);
      return true;
    }
  }

  private void write(ServingState state) {
    texts = new HashMap<>(state.texts());
    since = state.since().toString();
    version++;
  }

  private void runInterference() {
    Runnable other = interference;
    interference = null;
    if (other != null) {
      other.run();
    }
  }

  private void check() throws IOException {
    String cause = refusal;
    if (cause != null) {
      throw new IOException(cause);
    }
  }

  @Override
  public synchronized boolean publish(String wanted) throws IOException {
    check();
    if (!wanted.equals(bundle)) {
      bundle = wanted;
      bundles.add(wanted);
    }
    return true;
  }
}
