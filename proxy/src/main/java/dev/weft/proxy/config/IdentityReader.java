package dev.weft.proxy.config;

import dev.weft.proxy.tls.PeerId;
import dev.weft.proxy.tls.TrustAnchors;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads who the proxy is and how it proves it. */
final class IdentityReader {
  private static final Duration MIN_REFRESH = Duration.ofSeconds(10);
  private static final Duration MAX_REFRESH = Duration.ofHours(24);

  private final Environment env;
  private final ControlReader services;

  IdentityReader(Environment env, ControlReader services) {
    this.env = env;
    this.services = services;
  }

  /** The configuration, null if a required variable is missing or wrong. */
  @Nullable IdentityConfig read() {
    refuse("IDENTITY_DISABLED", "identity is mandatory");
    // TODO(#7): certificates from a SPIRE agent.
    refuse("IDENTITY_SPIRE_WORKLOAD_API_ADDRESS", "SPIRE is not supported");
    refuse("IDENTITY_SPIRE_SOCKET", "SPIRE is not supported");
    ServiceAddress service = services.requireService("IDENTITY");
    TrustAnchors anchors = env.require("IDENTITY_TRUST_ANCHORS", IdentityReader::anchors);
    if (anchors != null && anchors.skipped() > 0) {
      env.warning(
          anchors.skipped()
              + " of LINKERD2_PROXY_IDENTITY_TRUST_ANCHORS left out; cause: not certificates");
    }
    Path token = env.require("IDENTITY_TOKEN_FILE", IdentityReader::path);
    Path directory = env.find("IDENTITY_DIR", IdentityReader::path);
    PeerId id = id();
    Duration min = env.get("IDENTITY_MIN_REFRESH", Grammars::duration, MIN_REFRESH);
    Duration max = env.get("IDENTITY_MAX_REFRESH", Grammars::duration, MAX_REFRESH);
    if (min.compareTo(max) > 0) {
      env.problem(
          "LINKERD2_PROXY_IDENTITY_MIN_REFRESH refused; cause: it is above"
              + " LINKERD2_PROXY_IDENTITY_MAX_REFRESH");
    }
    if (service == null || anchors == null || token == null || id == null) {
      return null;
    }
    return new IdentityConfig(service, id, id.text(), anchors, token, directory, min, max);
  }

  private void refuse(String suffix, String cause) {
    String value = env.raw(Environment.PREFIX + suffix);
    if (value != null && !value.isEmpty()) {
      env.problem(Environment.PREFIX + suffix + " is set; cause: " + cause + "; fix: unset it");
    }
  }

  /** The local name, or else an identity and a server name which must be the same DNS name. */
  private @Nullable PeerId id() {
    if (env.has("IDENTITY_LOCAL_NAME")) {
      return env.find("IDENTITY_LOCAL_NAME", Grammars::dnsName);
    }
    if (!env.has("IDENTITY_SERVER_ID") && !env.has("IDENTITY_SERVER_NAME")) {
      env.problem(
          "LINKERD2_PROXY_IDENTITY_LOCAL_NAME is not set; cause: the proxy cannot start without a"
              + " name; fix: set it, or IDENTITY_SERVER_ID and IDENTITY_SERVER_NAME");
      return null;
    }
    PeerId id = env.require("IDENTITY_SERVER_ID", Grammars::identity);
    PeerId name = env.require("IDENTITY_SERVER_NAME", Grammars::dnsName);
    if (id != null && name != null && !id.equals(name)) {
      env.problem(
          "LINKERD2_PROXY_IDENTITY_SERVER_ID='"
              + id
              + "' refused; cause: it differs from LINKERD2_PROXY_IDENTITY_SERVER_NAME='"
              + name
              + "'; fix: use the same DNS name");
      return null;
    }
    return name == null ? null : id;
  }

  private static TrustAnchors anchors(String pem) {
    try {
      return TrustAnchors.parse(pem);
    } catch (IllegalArgumentException _) {
      throw Grammars.refused("no certificate in it", "one or more PEM certificates");
    }
  }

  private static Path path(String text) {
    if (text.isEmpty()) {
      throw Grammars.refused("empty", "a path");
    }
    return Path.of(text);
  }
}
