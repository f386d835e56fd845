package dev.weft.images;

import java.util.List;
import java.util.Map;

/**
 * What an image is made of.
 *
 * @param name its name below the registry
 * @param title what it is, in one line
 * @param iptables whether it needs the tools of the proxy's image
 * @param modules the Java modules of its runtime
 * @param program where the program comes from, relative to the project; its content goes to {@code
 *     /usr/lib/weft/app}
 * @param options for the Java virtual machine
 * @param main what to run: {@code -jar FILE}, or a class and its class path
 * @param user whom it runs as
 */
record Recipe(
    String name,
    String title,
    boolean iptables,
    List<String> modules,
    Map<String, String> program,
    List<String> options,
    List<String> main,
    int user) {
  Recipe {
    modules = List.copyOf(modules);
    program = Map.copyOf(program);
    options = List.copyOf(options);
    main = List.copyOf(main);
  }
}
