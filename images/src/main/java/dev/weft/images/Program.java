package dev.weft.images;

import java.util.List;

/**
 * A Java program in an image, in a folder of its own below {@code /usr/lib/weft}.
 *
 * @param name the folder
 * @param sources where its files come from, relative to the project: folders, of which the content
 *     is taken, or files, whose names may hold one {@code *}
 * @param options for the Java virtual machine
 * @param start what to run
 * @param training how Java learns what to remember of it
 */
record Program(
    String name, List<String> sources, List<String> options, Start start, Training training) {
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

  /** How a program is run once before it goes into an image. */
  sealed interface Training {
    /** As a part of a standalone mesh, by its name in the distribution. */
    record InMesh(String folder) implements Training {}

    /** Alone, with some arguments; it must end by itself. */
    record Alone(List<String> arguments) implements Training {
      public Alone {
        arguments = List.copyOf(arguments);
      }
    }

    /** Not at all. */
    record None() implements Training {}
  }

  /** Its folder in the image. */
  String folder() {
    return Catalog.ROOT + "/" + name;
  }

  /** The file with all arguments of {@code java}. */
  String argumentFile() {
    return folder() + "/java.args";
  }

  /** The file with what Java remembers of its training. */
  String cacheName() {
    return name + ".aot";
  }
}
