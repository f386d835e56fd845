package dev.weft.images;

/** A processor that images are built for, under the three names it goes by. */
enum Platform {
  AMD64("amd64", "x86_64"),
  ARM64("arm64", "aarch_64");

  private final String ociName;
  private final String nettyName;

  Platform(String ociName, String nettyName) {
    this.ociName = ociName;
    this.nettyName = nettyName;
  }

  /** As image indexes and Debian call it. */
  String ociName() {
    return ociName;
  }

  /** As the classifiers of Netty's jars call it. */
  String nettyName() {
    return nettyName;
  }

  /** The machine this program runs on: a Java runtime can only be linked and trained for it. */
  static Platform current() {
    String name = System.getProperty("os.arch");
    return switch (name) {
      case "amd64", "x86_64" -> AMD64;
      case "aarch64" -> ARM64;
      default ->
          throw new ImageException(
              "no image can be built for " + name,
              "Weft's native libraries exist for amd64 and arm64",
              "build on one of those");
    };
  }
}
