package dev.weft.identity.standalone;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The state directory of a mesh on one machine, readable by its owner only:
 *
 * <pre>
 * trust-anchors.pem         roots that every workload trusts
 * issuer/crt.pem, key.pem   the issuer of leaves
 * tokens/jwks.json          public keys which judge workload tokens
 * tokens/signing-key.jwk    the private key with which tokens are minted
 * </pre>
 *
 * <p>Other files in the directory are left alone. Everything is prepared beside and committed by
 * one rename ({@value #COMMITTED}); a start that finds a committed set completes it, and one that
 * finds an uncommitted set discards it. A directory where some of the files are missing without
 * such a set was damaged by other hands and is refused.
 *
 * @param directory the state directory
 */
public record StandaloneDirectory(Path directory) {
  /** {@code iss} of the tokens minted with {@link #signingKey}. */
  public static final String TOKEN_ISSUER = "weft-standalone";

  private static final String COMMITTED = ".bootstrap";
  private static final String PREPARING = ".bootstrap-new";
  private static final String LOCK = ".bootstrap-lock";
  private static final String ANCHORS = "trust-anchors.pem";
  private static final String ISSUER = "issuer";
  private static final String TOKENS = "tokens";

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  /** PEM bundle of the roots. */
  public Path trustAnchors() {
    return directory.resolve(ANCHORS);
  }

  /** Directory of the issuer, layout {@code linkerd.io/tls}. */
  public Path issuer() {
    return directory.resolve(ISSUER);
  }

  /** The public keys, a JWKS. */
  public Path keySet() {
    return directory.resolve(TOKENS).resolve("jwks.json");
  }

  /** The private key that signs tokens, a JWK. */
  public Path signingKey() {
    return directory.resolve(TOKENS).resolve("signing-key.jwk");
  }

  private List<Path> files() {
    return List.of(
        trustAnchors(),
        issuer().resolve("crt.pem"),
        issuer().resolve("key.pem"),
        keySet(),
        signingKey());
  }

  /** What {@link #prepare} did. */
  public enum Outcome {
    /** A new mesh was made. */
    CREATED,
    /** An interrupted creation was completed. */
    COMPLETED,
    /** The directory was complete. */
    REUSED
  }

  /**
   * Makes the directory complete, once: restarts and concurrent starts reuse what is there.
   *
   * @throws IOException with cause and fix if it cannot, or if the directory is damaged or open to
   *     other users
   */
  public Outcome prepare(Clock clock) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory.toAbsolutePath().getParent());
      try {
        Files.createDirectory(directory, OWNER_DIRECTORY);
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(directory)) {
          throw refused("it exists and is not a directory", "choose another path", e);
        }
      }
    }
    requireOwnerOnly(directory);
    try (FileChannel channel =
            FileChannel.open(
                directory.resolve(LOCK),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                OWNER_FILE);
        FileLock _ = channel.lock()) {
      return prepareLocked(clock);
    }
  }

  private Outcome prepareLocked(Clock clock) throws IOException {
    delete(directory.resolve(PREPARING));
    Path committed = directory.resolve(COMMITTED);
    Outcome outcome = Outcome.REUSED;
    if (Files.isDirectory(committed)) {
      complete(committed);
      outcome = Outcome.COMPLETED;
    } else if (noneExists()) {
      create(clock);
      complete(committed);
      outcome = Outcome.CREATED;
    }
    List<Path> missing = files().stream().filter(file -> !Files.isRegularFile(file)).toList();
    if (!missing.isEmpty()) {
      throw refused(
          "it is incomplete, missing " + missing,
          "restore the missing files, or delete %s, %s and %s to found a new mesh (workloads must then be restarted)"
              .formatted(trustAnchors(), issuer(), directory.resolve(TOKENS)),
          null);
    }
    for (Path file : files()) {
      requireOwnerOnly(file);
    }
    return outcome;
  }

  private boolean noneExists() {
    return Stream.of(ANCHORS, ISSUER, TOKENS)
        .noneMatch(name -> Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS));
  }

  private void create(Clock clock) throws IOException {
    Path preparing = directory.resolve(PREPARING);
    Files.createDirectory(preparing, OWNER_DIRECTORY);
    StandaloneDirectory fresh = new StandaloneDirectory(preparing);
    Files.createDirectory(fresh.issuer(), OWNER_DIRECTORY);
    Files.createDirectory(preparing.resolve(TOKENS), OWNER_DIRECTORY);
    StandaloneKeys keys = StandaloneKeys.generate(clock);
    write(fresh.trustAnchors(), keys.anchorsPem());
    write(fresh.issuer().resolve("crt.pem"), keys.issuerPem());
    write(fresh.issuer().resolve("key.pem"), keys.issuerKeyPem());
    write(fresh.keySet(), keys.keySetJson());
    write(fresh.signingKey(), keys.signingKeyJson());
    Files.move(preparing, directory.resolve(COMMITTED), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Moves what a committed set still holds to its place. Safe to be interrupted and repeated. */
  private void complete(Path committed) throws IOException {
    for (String name : List.of(TOKENS, ISSUER, ANCHORS)) {
      Path from = committed.resolve(name);
      if (Files.exists(from)) {
        Files.move(from, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      }
    }
    Files.delete(committed);
  }

  private static void write(Path file, String text) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_FILE)) {
      var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<Path> all = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(tree)) {
      walk.sorted(Comparator.reverseOrder()).forEach(all::add);
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }

  private void requireOwnerOnly(Path path) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
    if (permissions.stream().anyMatch(OTHERS::contains)) {
      throw refused(
          "%s is open to other users (%s)"
              .formatted(path, PosixFilePermissions.toString(permissions)),
          "chmod go= " + path,
          null);
    }
  }

  private IOException refused(String cause, String fix, @Nullable Exception e) {
    return new IOException(
        "standalone directory refused: directory=%s; cause: %s; fix: %s"
            .formatted(directory, cause, fix),
        e);
  }
}
