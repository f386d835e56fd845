package dev.weft.resources.directory;

import dev.weft.mesh.resource.ResourceKind;
import dev.weft.resources.ResourceSource;
import dev.weft.resources.ResourceSourceContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

final class DirectorySourceContractTest extends ResourceSourceContract {
  @TempDir Path root;

  @Override
  protected World newWorld() {
    return new World() {
      @Override
      public String namespace() {
        return "shop";
      }

      @Override
      public ResourceSource open() throws IOException {
        return DirectorySource.start(
            List.of(root), DirectorySource.Settings.DEFAULT, Clock.systemUTC());
      }

      @Override
      public void put(ResourceKind kind, String name, String json) throws IOException {
        Path draft = root.resolve(".draft");
        Files.writeString(draft, json);
        Files.move(draft, file(kind, name), StandardCopyOption.ATOMIC_MOVE);
      }

      @Override
      public void delete(ResourceKind kind, String name) throws IOException {
        Files.delete(file(kind, name));
      }

      private Path file(ResourceKind kind, String name) {
        return root.resolve(kind.plural() + "-" + name + ".json");
      }

      @Override
      public void close() {}
    };
  }
}
