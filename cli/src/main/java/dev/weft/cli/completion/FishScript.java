package dev.weft.cli.completion;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completion for fish, from the model of the commands. */
final class FishScript {
  private final StringBuilder script = new StringBuilder();
  private final String program;

  private FishScript(String program) {
    this.program = program;
  }

  static String of(CommandSpec root) {
    FishScript fish = new FishScript(root.name());
    fish.script.append("# fish completion for ").append(root.name()).append('\n');
    fish.write(root, List.of());
    return fish.script.toString();
  }

  private void write(CommandSpec command, List<String> path) {
    String here = condition(command, path);
    for (Map.Entry<String, CommandSpec> sub : visible(command).entrySet()) {
      line(here, "-f -a " + quote(sub.getKey()), summary(sub.getValue()));
    }
    for (OptionSpec option : command.options()) {
      if (!option.hidden()) {
        line(here, names(option), first(option.description()));
      }
    }
    for (Map.Entry<String, CommandSpec> sub : visible(command).entrySet()) {
      List<String> deeper = new ArrayList<>(path);
      deeper.add(sub.getKey());
      write(sub.getValue(), deeper);
    }
  }

  /** True where the words so far lead to this command, and to none below it. */
  private static String condition(CommandSpec command, List<String> path) {
    StringJoiner all = new StringJoiner("; and ");
    path.forEach(word -> all.add("__fish_seen_subcommand_from " + word));
    Map<String, CommandSpec> subs = visible(command);
    if (!subs.isEmpty()) {
      all.add("not __fish_seen_subcommand_from " + String.join(" ", subs.keySet()));
    }
    return all.toString();
  }

  private static Map<String, CommandSpec> visible(CommandSpec command) {
    Map<String, CommandSpec> visible = new LinkedHashMap<>();
    for (CommandLine sub : command.subcommands().values()) {
      CommandSpec spec = sub.getCommandSpec();
      if (!spec.usageMessage().hidden()) {
        visible.put(spec.name(), spec);
      }
    }
    return visible;
  }

  private static String names(OptionSpec option) {
    StringJoiner names = new StringJoiner(" ");
    for (String name : option.names()) {
      names.add(name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1));
    }
    if (option.arity().max() > 0) {
      names.add("-r");
    }
    return names.toString();
  }

  private void line(String condition, String what, String description) {
    script
        .append("complete -c ")
        .append(program)
        .append(condition.isEmpty() ? "" : " -n " + quote(condition))
        .append(' ')
        .append(what)
        .append(" -d ")
        .append(quote(description))
        .append('\n');
  }

  private static String summary(CommandSpec command) {
    return first(command.usageMessage().description());
  }

  private static String first(String[] description) {
    return description.length == 0 ? "" : description[0].replace("$$", "$");
  }

  private static String quote(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
