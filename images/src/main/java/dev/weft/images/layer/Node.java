package dev.weft.images.layer;

/** One thing in a layer, without its path. Owner is always root, time always the epoch. */
public sealed interface Node {
  /** A directory with its permission bits. */
  record Directory(int mode) implements Node {}

  /** A symbolic link. */
  record Link(String target) implements Node {}

  /**
   * A file.
   *
   * @param content its bytes, which nobody changes
   * @param mode its permission bits
   * @param capabilities what running it may give to a process without privileges
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, and too large to copy for nothing
  record File(byte[] content, int mode, FileCapabilities capabilities) implements Node {
    public File(byte[] content, int mode) {
      this(content, mode, FileCapabilities.NONE);
    }

    /** The same file with capabilities. */
    public File with(FileCapabilities more) {
      return new File(content, mode, more);
    }
  }
}
