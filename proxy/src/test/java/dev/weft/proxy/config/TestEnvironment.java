package dev.weft.proxy.config;

import io.netty.pkitesting.CertificateBuilder;
import java.util.LinkedHashMap;
import java.util.Map;

/** Environments for tests: the smallest that is accepted, and what is added to it. */
public final class TestEnvironment {
  private static final String ANCHOR = anchor();

  private TestEnvironment() {}

  /** Every required variable, with names and ports that lead nowhere. */
  public static Map<String, String> minimal() {
    Map<String, String> env = new LinkedHashMap<>();
    env.put("LINKERD2_PROXY_DESTINATION_SVC_ADDR", "127.0.0.1:8086");
    env.put("LINKERD2_PROXY_POLICY_SVC_ADDR", "127.0.0.1:8090");
    env.put("LINKERD2_PROXY_POLICY_WORKLOAD", "{\"ns\":\"shop\",\"pod\":\"web-1\"}");
    env.put("LINKERD2_PROXY_IDENTITY_SVC_ADDR", "127.0.0.1:8080");
    env.put("LINKERD2_PROXY_IDENTITY_TRUST_ANCHORS", ANCHOR);
    env.put("LINKERD2_PROXY_IDENTITY_TOKEN_FILE", "/nowhere/token");
    env.put(
        "LINKERD2_PROXY_IDENTITY_LOCAL_NAME",
        "web.shop.serviceaccount.identity.linkerd.cluster.local");
    return env;
  }

  /**
   * The configuration of the minimal environment and these variables, names and values by turns.
   */
  public static ProxyConfig config(String... namesAndValues) {
    Map<String, String> env = minimal();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      env.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    try {
      return ProxyConfig.read(env, 4).config();
    } catch (InvalidConfigException e) {
      throw new AssertionError(e);
    }
  }

  private static String anchor() {
    try {
      return new CertificateBuilder()
          .subject("CN=root")
          .algorithm(CertificateBuilder.Algorithm.ecp256)
          .setIsCertificateAuthority(true)
          .buildSelfSigned()
          .getCertificatePEM();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
