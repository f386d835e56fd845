package dev.weft.resources.directory;

import dev.weft.mesh.resource.Resource;
import dev.weft.resources.decode.DecodeException;
import dev.weft.resources.decode.Decoded;
import dev.weft.resources.decode.JsonTrees;
import dev.weft.resources.decode.ResourceDecoder;
import dev.weft.resources.decode.Tree;
import dev.weft.resources.decode.YamlTrees;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads one manifest file as a whole: either all its objects, or a reason why not. */
final class ManifestFile {
  /** Largest file read, in bytes. */
  static final int MAX_BYTES = YamlTrees.MAX_CHARS;

  private ManifestFile() {}

  /** An object and the line where its document begins. */
  record Located(Resource resource, int line) {}

  /** What came of reading. */
  sealed interface Reading {
    /** All objects, in order. */
    record Objects(List<Located> objects) implements Reading {
      public Objects {
        objects = List.copyOf(objects);
      }
    }

    /** The file is not fit for use: line (0 where none) and reason. */
    record Unfit(int line, String reason) implements Reading {}
  }

  static boolean isManifest(Path file) {
    String name = String.valueOf(file.getFileName());
    return !name.startsWith(".")
        && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
  }

  static Reading read(Path file) {
    try {
      byte[] bytes = bytes(file);
      if (bytes.length == 0) {
        // Most often somebody is about to write it. Deleting is what deletes objects.
        return new Reading.Unfit(
            0, "the file is empty; cause: half-written or truncated; fix: write or delete it");
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new Reading.Objects(objects(file, text));
    } catch (DecodeException e) {
      return new Reading.Unfit(e.line(), e.getMessage());
    } catch (CharacterCodingException _) {
      return new Reading.Unfit(0, "not UTF-8 text");
    } catch (IOException e) {
      return new Reading.Unfit(0, "cannot be read; cause: " + e);
    }
  }

  private static byte[] bytes(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new DecodeException(0, "larger than " + MAX_BYTES + " bytes");
      }
      return bytes;
    }
  }

  private static List<Located> objects(Path file, String text) {
    boolean json = String.valueOf(file.getFileName()).endsWith(".json");
    List<Located> objects = new ArrayList<>();
    for (Tree document : json ? JsonTrees.parse(text) : YamlTrees.parse(text)) {
      for (Decoded decoded : ResourceDecoder.manifest(document)) {
        if (decoded instanceof Decoded.Known(Resource resource, int line)) {
          objects.add(new Located(resource, line));
        }
      }
    }
    return objects;
  }
}
