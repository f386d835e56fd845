package dev.weft.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The images there are. */
final class Catalog {
  /** Where everything of Weft is, in each image. */
  static final String ROOT = "/usr/lib/weft";

  static final String RUNTIME = ROOT + "/runtime";

  /** What every JVM with a proxy in it is started with, on a laptop as in an image. */
  private static final String PROXY_OPTIONS = "proxy/src/main/jvm/proxy.options";

  private static final int PROXY_USER = 2102;
  private static final int CONTROL_PLANE_USER = 2103;

  /**
   * For every program: nothing is written to the file system, a broken process ends, memory that is
   * not needed goes back. What Java remembers is mapped where it was made for, so that its pages
   * are shared by all processes of a node; elsewhere Java would have to rewrite them. The file
   * holds no machine code.
   */
  private static final List<String> OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:+UseCompactObjectHeaders",
          "-XX:-UsePerfData",
          "-XX:+DisableAttachMechanism",
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:+ErrorFileToStdout",
          "-XX:TrimNativeHeapInterval=5000",
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:ArchiveRelocationMode=0",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

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

  /**
   * All images.
   *
   * @param project the root of the sources, where the proxy's own options are
   */
  static List<Recipe> all(Path project) {
    return List.of(
        service("identity", "identity-service", "Weft's identity service: certifies workloads"),
        service("destination", "destination-service", "Weft's destination service: resolves names"),
        service("policy", "policy-service", "Weft's policy service: who may talk, and how"),
        service("injector", "injector-webhook", "Weft's injector: turns pods into meshed pods"),
        proxy(project.resolve(PROXY_OPTIONS)),
        cli());
  }

  private static Recipe service(String name, String module, String title) {
    return new Recipe(
        name,
        title,
        false,
        SERVICE_MODULES,
        List.of(
            new Program(
                name,
                List.of(module + "/target/quarkus-app"),
                with(
                    "-Xms24m",
                    "-Xmx256m",
                    "-Dquarkus.vertx.caching=false",
                    "-Dquarkus.vertx.classpath-resolving=false"),
                new Program.Start.Jar("quarkus-run.jar"),
                new Program.Training.InMesh(module))),
        Map.of(),
        CONTROL_PLANE_USER);
  }

  private static Recipe proxy(Path options) {
    Program redirect =
        new Program(
            "redirect",
            List.of("redirect/target/weft-redirect-*.jar", "mesh/target/weft-mesh-*.jar"),
            with("-Xmx32m", "-XX:TieredStopAtLevel=1"),
            new Program.Start.MainClass("dev.weft.redirect.Main"),
            new Program.Training.Alone(List.of("init", "--simulate", "-p", "4143", "-o", "4140")));
    return new Recipe(
        "proxy",
        "Weft's proxy, which runs beside a workload; with the tools that redirect its traffic",
        true,
        PROXY_MODULES,
        List.of(
            new Program(
                "proxy",
                List.of("proxy/target/weft-proxy-*.jar", "proxy/target/lib"),
                with(argumentsIn(options)),
                new Program.Start.MainClass("dev.weft.proxy.Main"),
                new Program.Training.InMesh("proxy")),
            redirect),
        Map.of(
            "/usr/lib/linkerd/linkerd2-proxy-init",
            Scripts.withNetworkCapabilities(redirect),
            "/usr/lib/linkerd/weft-redirect",
            Scripts.withNetworkCapabilities(redirect),
            "/usr/lib/linkerd/linkerd2-network-validator",
            Scripts.plain(redirect),
            "/usr/lib/linkerd/linkerd-await",
            Scripts.plain(redirect)),
        PROXY_USER);
  }

  private static Recipe cli() {
    return new Recipe(
        "cli",
        "Weft's command line",
        false,
        SERVICE_MODULES,
        List.of(
            new Program(
                "cli",
                List.of("cli/target/weft/lib/cli"),
                with("-Xmx256m", "-XX:TieredStopAtLevel=1"),
                new Program.Start.MainClass("dev.weft.cli.Main"),
                new Program.Training.Alone(List.of("version")))),
        Map.of(),
        CONTROL_PLANE_USER);
  }

  /** The arguments in an argument file of Java's. */
  private static String[] argumentsIn(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toArray(String[]::new);
    } catch (IOException e) {
      throw new ImageException(
          "cannot read the proxy's options " + file, e.toString(), "give the project's root");
    }
  }

  private static List<String> with(String... more) {
    return Stream.concat(OPTIONS.stream(), Stream.of(more)).toList();
  }
}
