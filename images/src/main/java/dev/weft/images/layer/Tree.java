package dev.weft.images.layer;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Paths of an image and what is there, sorted. Paths have neither a first nor a last slash. */
public final class Tree {
  private static final int DIRECTORY_MODE = 0755;
  private static final int TEXT_MODE = 0644;

  private final NavigableMap<String, Node> nodes = new TreeMap<>();

  /** Adds or replaces a node, and the directories above it where they are missing. */
  public Tree put(String path, Node node) {
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      nodes.putIfAbsent(path.substring(0, slash), new Node.Directory(DIRECTORY_MODE));
    }
    nodes.put(path, node);
    return this;
  }

  /** Adds a text file that everybody may read. */
  public Tree text(String path, String content) {
    return put(path, new Node.File(content.getBytes(StandardCharsets.UTF_8), TEXT_MODE));
  }

  /** Adds a symbolic link. */
  public Tree link(String path, String target) {
    return put(path, new Node.Link(target));
  }

  /** Adds a directory. */
  public Tree directory(String path, int mode) {
    return put(path, new Node.Directory(mode));
  }

  /** Everything, parents before children. */
  public Map<String, Node> nodes() {
    return Collections.unmodifiableNavigableMap(nodes);
  }
}
