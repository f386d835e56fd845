package dev.weft.resources.directory;

import dev.weft.mesh.resource.Resource;
import dev.weft.mesh.resource.ResourceKey;
import dev.weft.resources.directory.ManifestFile.Located;
import dev.weft.resources.directory.ManifestFile.Reading;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What all files together say: for each file its last good objects, and out of these the merged
 * set, where the first file to name an object owns it. Files count in order of their root, then of
 * their path.
 *
 * <p>Confined to the source's thread.
 */
final class Manifests {
  /** How to read a file again only when it may have changed. */
  private static final class Entry {
    Listing.@Nullable Fingerprint fingerprint;
    List<Located> good = List.of();
    @Nullable String problem;
  }

  private final List<Path> roots;
  private final List<SortedMap<Path, Entry>> filesOfRoot = new ArrayList<>();
  private final List<Map<Path, String>> unlistedOfRoot = new ArrayList<>();
  private final Set<Path> neverListed;

  Manifests(List<Path> roots) {
    this.roots = List.copyOf(roots);
    for (Path _ : roots) {
      filesOfRoot.add(new TreeMap<>());
      unlistedOfRoot.add(Map.of());
    }
    neverListed = new HashSet<>(roots);
  }

  /** The merged objects and what is wrong at the moment, most fundamental first. */
  record View(Map<ResourceKey, Resource> objects, List<String> problems) {}

  /**
   * Takes in a new listing of one root and reads the files which changed. What could not be listed
   * stays as it was.
   *
   * @param dirty files known to have been touched, whatever their fingerprint
   * @param everything whether to read all files again
   */
  void update(Path root, Listing listing, Set<Path> dirty, boolean everything, long nowMillis) {
    int index = roots.indexOf(root);
    SortedMap<Path, Entry> entries = filesOfRoot.get(index);
    unlistedOfRoot.set(index, Map.copyOf(listing.unlisted()));
    if (!listing.unlisted().containsKey(root)) {
      neverListed.remove(root);
    }
    entries
        .keySet()
        .removeIf(file -> !listing.files().containsKey(file) && !listing.isUnknown(file));
    listing
        .files()
        .forEach(
            (file, fingerprint) -> {
              Entry entry = entries.computeIfAbsent(file, _ -> new Entry());
              boolean same = fingerprint.equals(entry.fingerprint);
              // What hinders reading may go away without a trace on the file.
              boolean retry = entry.problem != null;
              if (!same || retry || everything || dirty.contains(file)) {
                read(file, entry);
              }
              // A young file may change again within the resolution of its time stamp.
              entry.fingerprint = fingerprint.isRecent(nowMillis) ? null : fingerprint;
            });
  }

  private static void read(Path file, Entry entry) {
    switch (ManifestFile.read(file)) {
      case Reading.Objects(List<Located> objects) -> {
        entry.good = objects;
        entry.problem = null;
      }
      case Reading.Unfit(int line, String reason) -> {
        String where = line > 0 ? file + ":" + line : file.toString();
        String kept =
            entry.good.isEmpty()
                ? "none of its objects is used"
                : "its last good version stays in use";
        entry.problem = where + ": " + reason + "; " + kept;
      }
    }
  }

  /** Whether every root has been listed at least once. */
  boolean isComplete() {
    return neverListed.isEmpty();
  }

  /** Whether every root could be listed at the last attempt. */
  boolean isConnected() {
    for (int i = 0; i < roots.size(); i++) {
      if (unlistedOfRoot.get(i).containsKey(roots.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** The view of all files as they stand. */
  View view() {
    Map<ResourceKey, Resource> objects = new LinkedHashMap<>();
    Map<ResourceKey, String> owners = new HashMap<>();
    List<String> problems = new ArrayList<>();
    unlistedOfRoot.forEach(
        unlisted ->
            unlisted.forEach(
                (path, reason) ->
                    problems.add(
                        path
                            + ": cannot be listed; cause: "
                            + reason
                            + "; what was read from it before stays in use")));
    for (SortedMap<Path, Entry> entries : filesOfRoot) {
      entries.forEach(
          (file, entry) -> {
            if (entry.problem != null) {
              problems.add(entry.problem);
            }
            for (Located located : entry.good) {
              ResourceKey key = located.resource().key();
              String where = file + ":" + located.line();
              String owner = owners.putIfAbsent(key, where);
              if (owner == null) {
                objects.put(key, located.resource());
              } else {
                problems.add(
                    where + ": " + key + " is ignored; cause: " + owner + " has it already");
              }
            }
          });
    }
    return new View(objects, problems);
  }
}
