package dev.weft.proxy.config;

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
    LogConfig log,
    ProcessConfig process) {}
