package dev.weft.kit.admin;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Where a control-plane service serves health and metrics; prefix {@code weft.admin}. */
@ConfigMapping(prefix = "weft.admin")
public interface AdminConfig {
  /**
   * Address to bind: an IP literal or host name. Default {@code 0.0.0.0}; a standalone mesh uses
   * loopback.
   */
  @WithDefault("0.0.0.0")
  String host();

  /**
   * TCP port, 0 to 65535; 0 takes a free one. No default here: identity and policy 9990,
   * destination 9996.
   */
  int port();
}
