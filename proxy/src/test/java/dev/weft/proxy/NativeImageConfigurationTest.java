package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.OpenSsl;
import io.netty.internal.tcnative.SSL;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Holds the configuration for a native proxy to the pinned Netty: netty-tcnative brings none of its
 * own, and finds its classes by JNI, those of the callbacks it is handed among them.
 */
final class NativeImageConfigurationTest {
  private static final String FOLDER = "/META-INF/native-image/dev.weft/weft-proxy/";
  private static final Pattern NAMES = Pattern.compile("io\\.netty\\.[\\w.$]+");

  private static String text(String file) throws IOException {
    try (InputStream in = NativeImageConfigurationTest.class.getResourceAsStream(FOLDER + file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Set<String> configured() throws IOException {
    return NAMES
        .matcher(text("reachability-metadata.json"))
        .results()
        .map(match -> match.group())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The classes of a type's package, in the jar of that type, whose simple names are wanted. */
  private static Set<String> neighbours(Class<?> type, Predicate<String> wanted) throws Exception {
    String folder = type.getPackageName().replace('.', '/') + "/";
    String jar =
        java.nio.file.Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
            .toString();
    try (JarFile file = new JarFile(jar)) {
      return file.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.startsWith(folder) && name.endsWith(".class"))
          .map(name -> name.substring(folder.length(), name.length() - ".class".length()))
          .filter(name -> !name.contains("/") && !name.endsWith("-info"))
          .filter(wanted)
          .map(name -> type.getPackageName() + "." + name)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void classes_thatTcnativeFinds_areExactlyTheConfigured() throws Exception {
    Set<String> expected = neighbours(SSL.class, _ -> true);
    expected.addAll(neighbours(OpenSsl.class, name -> name.contains("OpenSsl")));

    assertThat(expected).hasSizeGreaterThan(100);
    assertThat(configured()).isEqualTo(expected);
  }

  @Test
  void initialisation_namesClassesAndPackagesThatExist() throws Exception {
    Set<String> classes = neighbours(OpenSsl.class, name -> name.endsWith("CompletionEvent"));

    assertThat(NAMES.matcher(text("native-image.properties")).results())
        .extracting(match -> match.group())
        .contains("io.netty.internal.tcnative", "io.netty.handler.ssl")
        .containsAll(classes);
  }
}
