package dev.weft.images.sbom;

import dev.weft.images.Digests;
import dev.weft.images.debian.DebianPackage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.cyclonedx.Version;
import org.cyclonedx.exception.GeneratorException;
import org.cyclonedx.generators.BomGeneratorFactory;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.model.Hash;
import org.cyclonedx.model.Metadata;

/**
 * The bill of materials of an image: Debian packages of which it holds files, the Java runtime,
 * every jar. The same content gives the same text: it bears neither a time nor a number of its own.
 */
public final class Bill {
  private final Component image;
  private final TreeMap<String, Component> components = new TreeMap<>();

  /**
   * @param name the image's name with its registry
   * @param version its tag
   */
  public Bill(String name, String version) {
    this.image = component(Component.Type.CONTAINER, "", name, version);
    String last = name.substring(name.lastIndexOf('/') + 1);
    image.setBomRef("pkg:oci/" + last + "@" + version);
  }

  /** Adds packages of the base. */
  public Bill debian(List<DebianPackage> packages, String architecture) {
    for (DebianPackage source : packages) {
      String purl =
          "pkg:deb/debian/%s@%s?arch=%s"
              .formatted(encoded(source.name()), encoded(source.version()), encoded(architecture));
      put(component(Component.Type.LIBRARY, "", source.name(), source.version()), purl);
    }
    return this;
  }

  /** Adds the Java runtime of the building JDK. */
  public Bill java(String vendor, String version) {
    Component java = component(Component.Type.PLATFORM, vendor, "OpenJDK", version);
    put(java, "pkg:generic/openjdk@" + encoded(version));
    return this;
  }

  /** Adds jars; one that is there already is not added again. */
  public Bill jars(List<Path> jars) throws IOException {
    for (Path jar : jars) {
      Coordinates coordinates = Coordinates.of(jar);
      Component component =
          component(
              Component.Type.LIBRARY,
              coordinates.group(),
              coordinates.artifact(),
              coordinates.version());
      component.setHashes(
          new ArrayList<>(List.of(new Hash(Hash.Algorithm.SHA_256, Digests.sha256(jar)))));
      put(component, coordinates.purl());
    }
    return this;
  }

  private void put(Component component, String purl) {
    component.setPurl(purl);
    component.setBomRef(purl);
    components.put(purl, component);
  }

  private static Component component(
      Component.Type type, String group, String name, String version) {
    Component component = new Component();
    component.setType(type);
    if (!group.isEmpty()) {
      component.setGroup(group);
    }
    component.setName(name);
    component.setVersion(version);
    return component;
  }

  /** The text, as CycloneDX 1.6 in JSON. */
  public String json() {
    Bom bom = new Bom();
    bom.setSerialNumber(null);
    Metadata metadata = new Metadata();
    metadata.setTimestamp(null);
    metadata.setComponent(image);
    bom.setMetadata(metadata);
    bom.setComponents(
        components.values().stream().sorted(Comparator.comparing(Component::getBomRef)).toList());
    try {
      return BomGeneratorFactory.createJson(Version.VERSION_16, bom).toJsonString() + "\n";
    } catch (GeneratorException e) {
      throw new IllegalStateException("a bill of materials cannot be written; cause: " + e, e);
    }
  }

  static String encoded(String text) {
    return java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8)
        .replace("+", "%20");
  }
}
