package dev.weft.proxy.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything the environment says, checked and typed. Immutable; read once at start.
 *
 * <p>Source: facts/proxy.md 1.5. What is ours alone is named {@code WEFT_PROXY_*}.
 *
 * @param mode how targets of connections are learnt
 * @param inbound connections to the application
 * @param outbound connections of the application
 * @param admin the admin server
 * @param control the control plane
 * @param identity who we are
 * @param tap the tap server, null for none
 * @param trace where spans go, null for nowhere
 * @param log what is logged
 * @param process event loops and shutdown
 */
public record ProxyConfig(
    ProxyMode mode,
    InboundConfig inbound,
    OutboundConfig outbound,
    AdminConfig admin,
    ControlConfig control,
    IdentityConfig identity,
    @Nullable TapConfig tap,
    @Nullable TraceConfig trace,
    LogConfig log,
    ProcessConfig process) {

  /**
   * A configuration with what is odd about it.
   *
   * @param config usable
   * @param warnings one sentence each
   */
  public record Reading(ProxyConfig config, List<String> warnings) {
    public Reading {
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * Reads the environment.
   *
   * @param environment variables by name
   * @param availableProcessors what the worker count is bounded by
   * @throws InvalidConfigException with every problem there is
   */
  public static Reading read(Map<String, String> environment, int availableProcessors)
      throws InvalidConfigException {
    return new ConfigReader(environment, availableProcessors).read();
  }
}
