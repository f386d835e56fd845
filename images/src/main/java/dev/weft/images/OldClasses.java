package dev.weft.images;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * Gives classes compiled for Java 5 and older the form of Java 8. Java does not remember classes
 * without stack maps, and picocli, which is most of what the command line loads, has none.
 */
final class OldClasses {
  /** Where the version stands in a class file, and the first version with stack maps (Java 6). */
  private static final int VERSION_OFFSET = 6;

  private static final int FIRST_WITH_STACK_MAPS = 50;

  private OldClasses() {}

  /**
   * Rewrites jars that hold such classes.
   *
   * @param jars all jars of a program, as stack maps name common ancestors
   */
  static void modernize(List<Path> jars) throws IOException {
    URL[] urls = new URL[jars.size()];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = jars.get(i).toUri().toURL();
    }
    try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
      for (Path jar : jars) {
        if (holdsOld(jar)) {
          Path modern = jar.resolveSibling(jar.getFileName() + ".modern");
          rewrite(jar, modern, loader);
          Files.move(modern, jar, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private static boolean holdsOld(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        if (isClass(entry)) {
          try (var content = zip.getInputStream(entry)) {
            if (isOld(content.readNBytes(VERSION_OFFSET + 2))) {
              return true;
            }
          }
        }
      }
      return false;
    }
  }

  private static boolean isClass(ZipEntry entry) {
    return entry.getName().endsWith(".class");
  }

  private static boolean isOld(byte[] classFile) {
    return classFile.length >= VERSION_OFFSET + 2
        && classFile[VERSION_OFFSET + 1] < FIRST_WITH_STACK_MAPS;
  }

  private static void rewrite(Path from, Path to, ClassLoader loader) throws IOException {
    try (ZipFile zip = new ZipFile(from.toFile());
        OutputStream file = Files.newOutputStream(to);
        ZipOutputStream out = new ZipOutputStream(file)) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setTime(entry.getTime());
        out.putNextEntry(copy);
        try (var content = zip.getInputStream(entry)) {
          byte[] bytes = content.readAllBytes();
          out.write(isClass(entry) && isOld(bytes) ? modern(bytes, loader) : bytes);
        }
        out.closeEntry();
      }
    }
  }

  private static byte[] modern(byte[] old, ClassLoader loader) {
    ClassReader reader = new ClassReader(old);
    ClassWriter writer =
        new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
          @Override
          protected ClassLoader getClassLoader() {
            return loader;
          }
        };
    reader.accept(
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public void visit(
              int version,
              int access,
              String name,
              String signature,
              String superName,
              String[] interfaces) {
            super.visit(Opcodes.V1_8, access, name, signature, superName, interfaces);
          }
        },
        ClassReader.SKIP_FRAMES);
    return writer.toByteArray();
  }
}
