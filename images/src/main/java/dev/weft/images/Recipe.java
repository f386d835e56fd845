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
 * @param programs its programs; the first one is what a container runs
 * @param scripts further commands: absolute path and text
 * @param user whom it runs as unless told otherwise
 */
record Recipe(
    String name,
    String title,
    boolean iptables,
    List<String> modules,
    List<Program> programs,
    Map<String, String> scripts,
    int user) {
  Recipe {
    modules = List.copyOf(modules);
    programs = List.copyOf(programs);
    scripts = Map.copyOf(scripts);
  }
}
