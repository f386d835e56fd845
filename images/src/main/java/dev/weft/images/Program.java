package dev.weft.images;

import java.util.List;

/**
 * A Java program in an image, in a folder of its own below {@code /usr/lib/weft}.
 *
 * @param name the folder
 * @param sources where its files come from, relative to the project: folders, of which the content
 *     is taken, or files, whose names may hold one {@code *}
 * @param options for the Java virtual machine
 * @param start what to run: a class, or {@code -jar FILE} relative to the folder
 */
record Program(String name, List<String> sources, List<String> options, Start start) {
  private static final String ROOT = "/usr/lib/weft/";

  Program {
    sources = List.copyOf(sources);
    options = List.copyOf(options);
  }

  /** How a program is started. */
  sealed interface Start {
    /** By a jar that names its main class and its class path. */
    record Jar(String file) implements Start {}

    /** By a main class, with every jar of the folder on the class path. */
    record MainClass(String name) implements Start {}
  }

  /** Its folder in the image. */
  String folder() {
    return ROOT + name;
  }

  /** The file with all arguments of {@code java}. */
  String argumentFile() {
    return folder() + "/java.args";
  }
}
