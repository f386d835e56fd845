package dev.weft.proxy.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The key of this process and the request to certify it; the same for every renewal.
 *
 * @param key P-256; never logged, never written by us
 * @param request PKCS#10 in DER
 */
public record KeyMaterial(PrivateKey key, byte[] request) {
  private static final String KEY_FILE = "key.p8";
  private static final String REQUEST_FILE = "csr.der";

  /**
   * Takes the files which a helper made before us, or makes a key in memory.
   *
   * @param directory where {@code key.p8} and {@code csr.der} may be, null for nowhere
   * @param name the identity to be certified
   * @throws IOException if only one of the files is there, or one cannot be used
   */
  public static KeyMaterial obtain(@Nullable Path directory, String name) throws IOException {
    if (directory != null) {
      Path key = directory.resolve(KEY_FILE);
      Path request = directory.resolve(REQUEST_FILE);
      if (Files.exists(key) || Files.exists(request)) {
        return load(key, request);
      }
    }
    return generate(name);
  }

  private static KeyMaterial load(Path keyFile, Path requestFile) throws IOException {
    byte[] key = read(keyFile);
    byte[] request = read(requestFile);
    try {
      return new KeyMaterial(
          KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)), request);
    } catch (GeneralSecurityException e) {
      throw new IOException(
          keyFile + " refused; cause: not an EC key in PKCS#8 DER; fix: make it anew", e);
    }
  }

  private static byte[] read(Path file) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IOException(
          file + " cannot be read; cause: " + e + "; fix: provide key.p8 and csr.der, or neither",
          e);
    }
    if (bytes.length == 0) {
      throw new IOException(file + " refused; cause: it is empty; fix: make it anew");
    }
    return bytes;
  }

  static KeyMaterial generate(String name) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      return new KeyMaterial(pair.getPrivate(), CertificationRequest.der(pair, name));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK knows P-256", e);
    }
  }

  @Override
  public String toString() {
    return "KeyMaterial[request of " + request.length + " bytes]";
  }
}
