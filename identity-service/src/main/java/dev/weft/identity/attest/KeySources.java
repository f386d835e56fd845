package dev.weft.identity.attest;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Makes the {@link KeySource} of a configured location. */
final class KeySources {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private KeySources() {}

  /**
   * An {@code https:} URL, an {@code http:} URL of a loopback address, a {@code file:} URL, or a
   * path.
   *
   * @throws IllegalArgumentException for other locations
   */
  static KeySource of(String location) {
    if (location.startsWith("https://") || location.startsWith("http://")) {
      URI uri = URI.create(location);
      if (uri.getScheme().equals("http") && !isLoopback(uri.getHost())) {
        throw new IllegalArgumentException(
            "weft.identity.jwks.location=%s refused; cause: keys fetched without TLS can be forged; fix: use https"
                .formatted(location));
      }
      return url(uri);
    }
    return file(location.startsWith("file:") ? Path.of(URI.create(location)) : Path.of(location));
  }

  private static boolean isLoopback(String host) {
    try {
      return host != null && InetAddress.getByName(host).isLoopbackAddress();
    } catch (IOException _) {
      return false;
    }
  }

  private static KeySource file(Path file) {
    return () -> {
      long bytes = Files.size(file);
      if (bytes > KeySource.MAX_BYTES) {
        throw new IOException(
            "%s has %d bytes, more than %d".formatted(file, bytes, KeySource.MAX_BYTES));
      }
      return Files.readString(file);
    };
  }

  private static KeySource url(URI uri) {
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    HttpRequest request =
        HttpRequest.newBuilder(uri).timeout(TIMEOUT).header("accept", "application/json").build();
    return () -> {
      try {
        HttpResponse<InputStream> response =
            client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
          if (response.statusCode() != 200) {
            throw new IOException("%s answers %d".formatted(uri, response.statusCode()));
          }
          byte[] bytes = body.readNBytes(KeySource.MAX_BYTES + 1);
          if (bytes.length > KeySource.MAX_BYTES) {
            throw new IOException(
                "%s sends more than %d bytes".formatted(uri, KeySource.MAX_BYTES));
          }
          return new String(bytes, StandardCharsets.UTF_8);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("reading %s was interrupted".formatted(uri), e);
      }
    };
  }
}
