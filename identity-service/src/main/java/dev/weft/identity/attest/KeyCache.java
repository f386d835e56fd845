package dev.weft.identity.attest;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import java.io.IOException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of a {@link KeySource}. A refresh that fails keeps the last good set; a key that
 * is not known asks for a refresh, at most once per {@link #MIN_REFRESH}, so that strangers cannot
 * make us fetch at will. Thread-safe; blocks while it reads.
 */
final class KeyCache {
  /** The least time between two reads. */
  static final Duration MIN_REFRESH = Duration.ofSeconds(5);

  private final KeySource source;
  private final Duration refreshInterval;
  private final Clock clock;
  private final RefreshListener listener;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile Snapshot snapshot = new Snapshot(List.of(), Instant.MIN, Instant.MIN, null);

  /** Told of every read; called by the thread that reads. */
  interface RefreshListener {
    /**
     * @param keys how many keys are in use now
     * @param error null if the set was read
     */
    void refreshed(int keys, @Nullable String error);
  }

  /**
   * @param triedAt when it was last attempted to read
   * @param readAt when the keys were read; {@link Instant#MIN} before the first set
   * @param error why the last attempt failed, null if it did not
   */
  private record Snapshot(
      List<JWK> keys, Instant readAt, Instant triedAt, @Nullable String error) {}

  KeyCache(KeySource source, Duration refreshInterval, Clock clock, RefreshListener listener) {
    this.source = source;
    this.refreshInterval = refreshInterval;
    this.clock = clock;
    this.listener = listener;
  }

  /**
   * The keys that may have signed a token.
   *
   * @param keyId the {@code kid} of the token; null takes every key
   */
  List<JWK> candidates(@Nullable String keyId) {
    Snapshot current = snapshot;
    Instant now = clock.instant();
    if (current.triedAt().equals(Instant.MIN)
        || !now.isBefore(current.triedAt().plus(refreshInterval))) {
      current = refresh(now, refreshInterval);
    }
    List<JWK> found = select(current.keys(), keyId);
    if (found.isEmpty() && !now.isBefore(current.triedAt().plus(MIN_REFRESH))) {
      found = select(refresh(now, MIN_REFRESH).keys(), keyId);
    }
    return found;
  }

  /** Why there is no key at all; empty if there is one. */
  Optional<String> unavailable() {
    Snapshot current = snapshot;
    return current.keys().isEmpty()
        ? Optional.of(current.error() == null ? "the key set was not read yet" : current.error())
        : Optional.empty();
  }

  /** One line for readiness. */
  String detail() {
    Snapshot current = snapshot;
    String state =
        current.readAt().equals(Instant.MIN)
            ? "no key set"
            : "%d keys read at %s".formatted(current.keys().size(), current.readAt());
    return current.error() == null ? state : state + "; last refresh failed: " + current.error();
  }

  private Snapshot refresh(Instant now, Duration interval) {
    reading.lock();
    try {
      Snapshot current = snapshot;
      if (!current.triedAt().equals(Instant.MIN)
          && now.isBefore(current.triedAt().plus(interval))) {
        return current;
      }
      String error;
      try {
        List<JWK> keys = parse(source.read());
        snapshot = new Snapshot(keys, now, now, null);
        error = null;
      } catch (IOException | ParseException e) {
        error = String.valueOf(e.getMessage());
        snapshot = new Snapshot(current.keys(), current.readAt(), now, error);
      }
      listener.refreshed(snapshot.keys().size(), error);
      return snapshot;
    } finally {
      reading.unlock();
    }
  }

  private static List<JWK> parse(String json) throws IOException, ParseException {
    List<JWK> keys =
        JWKSet.parse(json).toPublicJWKSet().getKeys().stream()
            .filter(key -> key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE))
            .toList();
    if (keys.isEmpty()) {
      throw new IOException("the key set holds no public key for signatures");
    }
    return keys;
  }

  private static List<JWK> select(List<JWK> keys, @Nullable String keyId) {
    return keyId == null
        ? keys
        : keys.stream().filter(key -> keyId.equals(key.getKeyID())).toList();
  }
}
