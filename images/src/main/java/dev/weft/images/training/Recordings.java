package dev.weft.images.training;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;

/**
 * Which programs of a distribution are recorded instead of run as they are, each at its first
 * start. A file of properties carries them from the process that builds images to the one that
 * trains.
 */
public final class Recordings {
  private static final String SEPARATOR = "\n";

  private final Properties commands;
  private final Set<String> started = new HashSet<>();

  private Recordings(Properties commands) {
    this.commands = commands;
  }

  /** None yet. */
  public static Recordings none() {
    return new Recordings(new Properties());
  }

  static Recordings read(Path file) throws IOException {
    Properties commands = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      commands.load(reader);
    }
    return new Recordings(commands);
  }

  /**
   * Has a program recorded.
   *
   * @param folder its folder below {@code lib} of a distribution
   * @param before the command, up to the properties that only this run sets
   * @param after the rest of it
   */
  public void add(String folder, List<String> before, List<String> after) {
    commands.setProperty(folder + ".before", String.join(SEPARATOR, before));
    commands.setProperty(folder + ".after", String.join(SEPARATOR, after));
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return commands.isEmpty();
  }

  /** Writes the file. */
  public void write(Path file) throws IOException {
    StringWriter text = new StringWriter();
    commands.store(text, null);
    try (Writer writer = Files.newBufferedWriter(file)) {
      writer.write(text.toString());
    }
  }

  /** The command to run in place of one of a distribution. */
  synchronized List<String> adapt(List<String> command) {
    for (String name : commands.stringPropertyNames()) {
      String folder = name.replaceFirst("\\.(before|after)$", "");
      boolean isMeant = command.stream().anyMatch(word -> word.contains("/lib/" + folder + "/"));
      if (isMeant && started.add(folder)) {
        return command(
            folder, command.stream().filter(word -> word.startsWith("-Dweft.")).toList());
      }
    }
    return command;
  }

  /** Whether a program is to be recorded. */
  boolean has(String folder) {
    return commands.containsKey(folder + ".before");
  }

  /** The command that records a program, with properties of this run. */
  List<String> command(String folder, List<String> properties) {
    List<String> recorded = new ArrayList<>(words(folder + ".before"));
    recorded.addAll(properties);
    recorded.addAll(words(folder + ".after"));
    return recorded;
  }

  private List<String> words(String name) {
    return List.of(commands.getProperty(name).split(SEPARATOR));
  }
}
