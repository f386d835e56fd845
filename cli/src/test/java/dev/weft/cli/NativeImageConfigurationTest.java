package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.GeneratedMessage;
import com.google.protobuf.ProtocolMessageEnum;
import com.marcnuri.helm.jni.HelmLib;
import dev.weft.api.destination.DestinationProfile;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.AnnotatedElement;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * Holds the configuration for native images to the code and the libraries it speaks of, which a JVM
 * can: what it names exists, and what is known to be read by reflection or by JNI is named.
 */
final class NativeImageConfigurationTest {
  private static final String FOLDER = "/META-INF/native-image/dev.weft/weft-cli/";
  private static final String GENERATED =
      "/META-INF/native-image/picocli-generated/dev.weft/weft-cli/reflect-config.json";
  private static final JsonNode METADATA = json(FOLDER + "reachability-metadata.json");

  private static JsonNode json(String resource) {
    try (InputStream in = NativeImageConfigurationTest.class.getResourceAsStream(resource)) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<JsonNode> types() {
    List<JsonNode> types = new ArrayList<>();
    METADATA
        .path("reflection")
        .forEach(
            entry -> {
              if (entry.path("type").isTextual()) {
                types.add(entry);
              }
            });
    return types;
  }

  private static Set<String> names(boolean jniOnly) {
    Set<String> names = new HashSet<>();
    for (JsonNode entry : types()) {
      if (!jniOnly || entry.path("jniAccessible").asBoolean()) {
        names.add(entry.path("type").asText());
      }
    }
    return names;
  }

  private static Class<?> load(String name) {
    try {
      return switch (name) {
        case "byte[]" -> byte[].class;
        case "boolean" -> boolean.class;
        case "byte" -> byte.class;
        case "char" -> char.class;
        case "short" -> short.class;
        case "int" -> int.class;
        case "long" -> long.class;
        case "float" -> float.class;
        case "double" -> double.class;
        default -> Class.forName(name, false, NativeImageConfigurationTest.class.getClassLoader());
      };
    } catch (ClassNotFoundException e) {
      throw new AssertionError(name + " is named by the configuration, but does not exist", e);
    }
  }

  @Test
  void entries_each_nameWhatExists() {
    for (JsonNode entry : types()) {
      Class<?> type = load(entry.path("type").asText());
      entry
          .path("fields")
          .forEach(field -> assertExists(type, () -> type.getDeclaredField(text(field))));
      entry
          .path("methods")
          .forEach(
              method -> {
                Class<?>[] parameters =
                    stream(method.path("parameterTypes"))
                        .map(parameter -> load(parameter.asText()))
                        .toArray(Class<?>[]::new);
                assertExists(
                    type,
                    () ->
                        text(method).equals("<init>")
                            ? type.getDeclaredConstructor(parameters)
                            : type.getDeclaredMethod(text(method), parameters));
              });
    }
  }

  private interface Lookup {
    AnnotatedElement find() throws ReflectiveOperationException;
  }

  private static void assertExists(Class<?> type, Lookup lookup) {
    try {
      assertThat(lookup.find()).isNotNull();
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(type + " lacks a member which the configuration names", e);
    }
  }

  private static String text(JsonNode member) {
    return member.path("name").asText();
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return java.util.stream.StreamSupport.stream(array.spliterator(), false);
  }

  @Test
  void proxies_each_areOfInterfacesThatExist() {
    stream(METADATA.path("reflection"))
        .flatMap(entry -> stream(entry.path("type").path("proxy")))
        .forEach(name -> assertThat(load(name.asText())).isInterface());
    assertThat(METADATA.toString()).contains("\"proxy\":[\"" + HelmLib.class.getName() + "\"]");
  }

  @Test
  void resources_each_areOnTheClassPath() throws IOException {
    Set<String> globs = new TreeSet<>();
    METADATA.path("resources").forEach(resource -> globs.add(resource.path("glob").asText()));

    // The third is there once the command line is a jar.
    assertThat(globs)
        .containsExactlyInAnyOrder(
            "charts.zip",
            "com/sun/jna/linux-*/libjnidispatch.so",
            "META-INF/maven/dev.weft/weft-cli/pom.properties",
            "helm-linux-*.so");
    assertThat(getClass().getResource("/charts.zip")).isNotNull();
    assertThat(getClass().getResource("/com/sun/jna/linux-x86-64/libjnidispatch.so")).isNotNull();
    assertThat(getClass().getResource("/com/sun/jna/linux-aarch64/libjnidispatch.so")).isNotNull();
  }

  /** {@code JsonFormat} reads each message by its getters. */
  @Test
  void messages_ofTheProxyApi_areAllNamed() throws Exception {
    Set<String> missing = new TreeSet<>(messages());
    assertThat(missing).hasSizeGreaterThan(300);
    missing.removeAll(names(false));
    assertThat(missing).as("messages without an entry").isEmpty();
  }

  private static List<String> messages() throws Exception {
    URI code = DestinationProfile.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    Path path = Path.of(code);
    if (Files.isDirectory(path)) {
      return messages(path);
    }
    try (FileSystem jar = FileSystems.newFileSystem(path, Map.of())) {
      return messages(jar.getPath("/"));
    }
  }

  private static List<String> messages(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .map(file -> root.relativize(file).toString())
          .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
          .map(file -> load(file.replace('/', '.').replaceAll("\\.class$", "")))
          .filter(NativeImageConfigurationTest::isRead)
          .map(Class::getName)
          .toList();
    }
  }

  private static boolean isRead(Class<?> type) {
    return GeneratedMessage.class.isAssignableFrom(type)
        || GeneratedMessage.Builder.class.isAssignableFrom(type)
        || ProtocolMessageEnum.class.isAssignableFrom(type);
  }

  /** JNA's library says by its own strings what it looks up. */
  @Test
  void classes_thatJnaLooksUp_areOpenToIt() throws IOException {
    String library;
    try (InputStream in =
        getClass().getResourceAsStream("/com/sun/jna/linux-x86-64/libjnidispatch.so")) {
      library = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
    Set<String> lookedUp = new TreeSet<>();
    Pattern.compile("\0((?:com/sun/jna|java)/[\\w/$]+)(?=\0)")
        .matcher(library)
        .results()
        .map((MatchResult match) -> match.group(1).replace('/', '.'))
        .forEach(lookedUp::add);
    assertThat(lookedUp).hasSizeGreaterThan(30);
    lookedUp.removeAll(names(true));
    assertThat(lookedUp).as("classes that JNA finds by name, without an entry").isEmpty();
  }

  /** By the annotation processor of picocli, which must have run. */
  @Test
  void commands_all_areNamedByTheProcessor() {
    Set<String> generated = new HashSet<>();
    json(GENERATED).forEach(entry -> generated.add(entry.path("name").asText()));
    Set<String> commands = new TreeSet<>();
    collect(Main.commandLine(), commands);

    assertThat(commands).hasSizeGreaterThan(20);
    assertThat(generated).containsAll(commands);
  }

  private static void collect(CommandLine line, Set<String> commands) {
    for (CommandLine sub : line.getSubcommands().values()) {
      String name = sub.getCommandSpec().userObject().getClass().getName();
      if (name.startsWith("dev.weft.")) {
        commands.add(name);
      }
      collect(sub, commands);
    }
  }
}
