package dev.weft.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** What is done to jars so that Java can remember their classes. */
final class OldClassesTest {
  @TempDir private Path directory = Path.of(".");

  /** {@code static int larger(int a, int b)} with a branch, of any version. */
  private static byte[] classOf(int version) {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    writer.visit(version, Opcodes.ACC_PUBLIC, "Larger", null, "java/lang/Object", null);
    MethodVisitor method =
        writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, "larger", "(II)I", null, null);
    Label second = new Label();
    method.visitCode();
    method.visitVarInsn(Opcodes.ILOAD, 0);
    method.visitVarInsn(Opcodes.ILOAD, 1);
    method.visitJumpInsn(Opcodes.IF_ICMPLT, second);
    method.visitVarInsn(Opcodes.ILOAD, 0);
    method.visitInsn(Opcodes.IRETURN);
    method.visitLabel(second);
    method.visitVarInsn(Opcodes.ILOAD, 1);
    method.visitInsn(Opcodes.IRETURN);
    method.visitMaxs(0, 0);
    method.visitEnd();
    writer.visitEnd();
    return writer.toByteArray();
  }

  private Path jar(Map<String, byte[]> content) throws IOException {
    Path jar = directory.resolve("test.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : content.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
    return jar;
  }

  private static byte[] entry(Path jar, String name) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return zip.getInputStream(zip.getEntry(name)).readAllBytes();
    }
  }

  @Test
  void modernize_classOfJava5_getsStackMapsAndStillRuns() throws Exception {
    Path jar = jar(Map.of("Larger.class", classOf(Opcodes.V1_5)));

    OldClasses.modernize(List.of(jar));

    assertThat(entry(jar, "Larger.class")[7]).isEqualTo((byte) Opcodes.V1_8);
    try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
      assertThat(
              loader
                  .loadClass("Larger")
                  .getMethod("larger", int.class, int.class)
                  .invoke(null, 3, 4))
          .isEqualTo(4);
    }
  }

  @Test
  void modernize_youngerJar_isLeftAlone() throws Exception {
    Path jar = jar(Map.of("Larger.class", classOf(Opcodes.V1_6), "a.txt", new byte[] {1}));
    String before = Digests.sha256(jar);

    OldClasses.modernize(List.of(jar));

    assertThat(Digests.sha256(jar)).isEqualTo(before);
  }

  @Test
  void signatures_areTakenOffAndNothingElse() throws Exception {
    Path jar =
        jar(
            Map.of(
                "META-INF/BC.SF", new byte[] {1},
                "META-INF/BC.DSA", new byte[] {1},
                "META-INF/services/a.SF", new byte[] {1},
                "Larger.class", classOf(Opcodes.V1_8)));

    Signatures.remove(List.of(jar));

    try (ZipFile zip = new ZipFile(jar.toFile())) {
      assertThat(zip.stream().map(ZipEntry::getName))
          .containsExactlyInAnyOrder("META-INF/services/a.SF", "Larger.class");
    }
  }
}
