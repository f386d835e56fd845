package dev.weft.resources.decode;

import dev.weft.mesh.resource.Resource;

/** What a document turned out to be. */
public sealed interface Decoded {
  /**
   * An object of a kind which Weft reads.
   *
   * @param resource the object
   * @param line where its document begins, from 1; 0 where unknown
   */
  record Known(Resource resource, int line) implements Decoded {}

  /**
   * An object of a kind which Weft does not read. Not an error: manifests also hold Deployments.
   *
   * @param apiVersion as written
   * @param kind as written
   */
  record Foreign(String apiVersion, String kind) implements Decoded {}
}
