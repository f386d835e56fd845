package dev.weft.identity.attest;

import java.io.IOException;

/** Where a key set is read: a file or a URL. Blocks. */
@FunctionalInterface
interface KeySource {
  /** Largest key set read, in bytes. */
  int MAX_BYTES = 1 << 20;

  /**
   * The JSON text as it is now.
   *
   * @throws IOException if it cannot be read; the message names the place
   */
  String read() throws IOException;
}
