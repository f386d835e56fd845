package dev.weft.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/** Reads text that a user names: a file, an {@code https} URL, or {@code -} for standard input. */
public final class TextSource {
  /** Longest text, in bytes. */
  static final int MAX_BYTES = 64 << 20;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int OK = 200;

  private TextSource() {}

  /**
   * Reads all of it.
   *
   * @throws IOException saying what is wrong, without the name
   */
  public static String read(String source) throws IOException {
    if (source.equals("-")) {
      return text(System.in);
    }
    if (source.startsWith("https://")) {
      return fetch(URI.create(source));
    }
    if (source.startsWith("http://")) {
      throw new IOException("http is not secure; use https");
    }
    Path file = Path.of(source);
    if (!Files.exists(file)) {
      throw new IOException("there is no such file", new NoSuchFileException(source));
    }
    try (InputStream in = Files.newInputStream(file)) {
      return text(in);
    }
  }

  private static String fetch(URI uri) throws IOException {
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build()) {
      HttpResponse<InputStream> response =
          client.send(
              HttpRequest.newBuilder(uri).timeout(PATIENCE).build(),
              HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() != OK) {
          throw new IOException("the server answered " + response.statusCode());
        }
        return text(body);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String text(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new IOException("it is longer than " + MAX_BYTES + " bytes");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
