package dev.weft.identity.issue;

import dev.weft.pki.TrustAnchors;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the newest good issuer of a directory. {@link #poll} looks at the files and swaps the
 * issuer when they changed and verify; a bad pair never replaces a good one.
 *
 * <p>Polling content instead of watching the directory sees every way in which files change (the
 * symlink swap of a mounted Secret, a rename, a write in place) and cannot end silently.
 *
 * <p>{@link #poll} is called by one thread; the readers by any.
 */
public final class IssuerKeeper {
  private final Path directory;
  private final String scheme;
  private final TrustAnchors anchors;
  private final Clock clock;
  private final Listener listener;
  private volatile State state = new State(null, null, null);
  private @Nullable IssuerFiles loaded;

  /** What happened to the issuer. Called by the thread that polls. */
  public interface Listener {
    /** The files that were there at the start are verified and in service. */
    void issuerLoaded(Issuer issuer);

    /** Files that came later are verified and in service. */
    void issuerUpdated(Issuer issuer);

    /**
     * New files were rejected. Told once per cause.
     *
     * @param kept the issuer that stays in service, if there is one
     */
    void issuerRejected(IssuerRejectedException reason, Optional<Issuer> kept);
  }

  /**
   * What readiness shows.
   *
   * @param issuer the issuer in service, null before the first
   * @param since when it came into service
   * @param rejection why the files on disk are not in service, null if they are
   */
  private record State(
      @Nullable Issuer issuer, @Nullable Instant since, @Nullable String rejection) {}

  /**
   * Nothing is read before the first {@link #poll}.
   *
   * @param scheme {@code auto}, {@code linkerd.io/tls}, or another for {@code kubernetes.io/tls}
   */
  public IssuerKeeper(
      Path directory, String scheme, TrustAnchors anchors, Clock clock, Listener listener) {
    this.directory = directory;
    this.scheme = scheme;
    this.anchors = anchors;
    this.clock = clock;
    this.listener = listener;
  }

  /** The issuer in service; empty before the first good one. */
  public Optional<Issuer> issuer() {
    return Optional.ofNullable(state.issuer());
  }

  /** When the issuer in service was loaded. */
  public Optional<Instant> loadedAt() {
    return Optional.ofNullable(state.since());
  }

  /** Why the files on disk are not in service; empty if they are. */
  public Optional<String> rejection() {
    return Optional.ofNullable(state.rejection());
  }

  /** The roots the issuer is verified against. */
  public TrustAnchors anchors() {
    return anchors;
  }

  /** Looks at the files once. Never throws for bad files: the listener and the state tell. */
  public void poll() {
    try {
      IssuerFiles files = IssuerFiles.read(directory, scheme);
      if (files.equals(loaded)) {
        if (state.rejection() != null) {
          state = new State(state.issuer(), state.since(), null);
        }
        return;
      }
      Issuer issuer = files.verify(anchors, clock.instant());
      boolean first = state.issuer() == null && state.rejection() == null;
      loaded = files;
      state = new State(issuer, clock.instant(), null);
      if (first) {
        listener.issuerLoaded(issuer);
      } else {
        listener.issuerUpdated(issuer);
      }
    } catch (IssuerRejectedException e) {
      String message = String.valueOf(e.getMessage());
      boolean told = message.equals(state.rejection());
      state = new State(state.issuer(), state.since(), message);
      if (!told) {
        listener.issuerRejected(e, issuer());
      }
    }
  }
}
