package dev.weft.images;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The images there are. */
final class Catalog {
  static final String APP = "/usr/lib/weft/app";
  static final String NATIVE = "/usr/lib/weft/native";
  static final String RUNTIME = "/usr/lib/weft/runtime";

  private static final int PROXY_USER = 2102;
  private static final int CONTROL_PLANE_USER = 2103;

  /** For every program: nothing is written to the file system, and a broken process ends. */
  private static final List<String> OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:+UseCompactObjectHeaders",
          "-XX:-UsePerfData",
          "-XX:+DisableAttachMechanism",
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:+ErrorFileToStdout",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-Djava.library.path=" + NATIVE);

  private static final List<String> PROXY_MODULES =
      List.of(
          "java.base",
          "java.logging",
          "java.management",
          "java.naming",
          "jdk.management",
          "jdk.unsupported");

  private static final List<String> SERVICE_MODULES =
      List.of(
          "java.base",
          "java.compiler",
          "java.desktop",
          "java.instrument",
          "java.logging",
          "java.management",
          "java.naming",
          "java.net.http",
          "java.security.jgss",
          "java.security.sasl",
          "java.sql",
          "java.transaction.xa",
          "java.xml",
          "jdk.crypto.ec",
          "jdk.httpserver",
          "jdk.jfr",
          "jdk.management",
          "jdk.net",
          "jdk.unsupported",
          "jdk.zipfs");

  private Catalog() {}

  static List<Recipe> all() {
    return List.of(
        service("identity", "identity-service", "Weft's identity service: certifies workloads"),
        service("destination", "destination-service", "Weft's destination service: resolves names"),
        service("policy", "policy-service", "Weft's policy service: who may talk, and how"),
        proxy(),
        cli());
  }

  private static Recipe service(String name, String module, String title) {
    return new Recipe(
        name,
        title,
        false,
        SERVICE_MODULES,
        Map.of(module + "/target/quarkus-app", ""),
        with(
            "-Xmx256m",
            "-Dquarkus.vertx.caching=false",
            "-Dquarkus.vertx.classpath-resolving=false"),
        List.of("-jar", APP + "/quarkus-run.jar"),
        CONTROL_PLANE_USER);
  }

  private static Recipe proxy() {
    return new Recipe(
        "proxy",
        "Weft's proxy, which runs beside a workload; with the tools that redirect its traffic",
        true,
        PROXY_MODULES,
        Map.of("cli/target/weft/lib/proxy", ""),
        with("-Xmx128m"),
        List.of("-cp", APP + "/*", "dev.weft.proxy.Main"),
        PROXY_USER);
  }

  private static Recipe cli() {
    return new Recipe(
        "cli",
        "Weft's command line",
        false,
        SERVICE_MODULES,
        Map.of("cli/target/weft/lib/cli", ""),
        with("-Xmx256m"),
        List.of("-cp", APP + "/*", "dev.weft.cli.Main"),
        CONTROL_PLANE_USER);
  }

  private static List<String> with(String... more) {
    return Stream.concat(OPTIONS.stream(), Stream.of(more)).toList();
  }
}
