package dev.weft.cli.kube;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads what Secrets hold. */
public final class Secrets {
  private Secrets() {}

  /** The texts of a Secret, decoded; what is no base64 reads as empty. */
  public static Map<String, String> texts(KubeObject secret) {
    Map<String, String> texts = new LinkedHashMap<>();
    secret.texts("/data").forEach((key, value) -> texts.put(key, decode(value)));
    secret.texts("/stringData").forEach(texts::put);
    return texts;
  }

  private static String decode(String base64) {
    try {
      return new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return "";
    }
  }
}
