package dev.weft.destination.index;

import dev.weft.mesh.resource.Resource;
import dev.weft.mesh.resource.ResourceKey;
import dev.weft.resources.ResourceChange;
import dev.weft.resources.decode.Decoded;
import dev.weft.resources.decode.ResourceDecoder;
import dev.weft.resources.decode.YamlTrees;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Objects for tests, written as people write them. */
final class World {
  private World() {}

  static List<Resource> objects(String... yaml) {
    List<Resource> objects = new ArrayList<>();
    for (String text : yaml) {
      YamlTrees.parse(text)
          .forEach(
              tree ->
                  ResourceDecoder.manifest(tree)
                      .forEach(decoded -> objects.add(((Decoded.Known) decoded).resource())));
    }
    return objects;
  }

  static List<ResourceChange> applied(String... yaml) {
    return objects(yaml).stream().<ResourceChange>map(ResourceChange.Applied::new).toList();
  }

  static List<ResourceChange> deleted(ResourceKey... keys) {
    return Arrays.stream(keys).<ResourceChange>map(ResourceChange.Deleted::new).toList();
  }
}
