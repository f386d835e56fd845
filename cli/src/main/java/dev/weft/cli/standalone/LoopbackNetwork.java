package dev.weft.cli.standalone;

import dev.weft.mesh.MeshKeys;
import java.util.List;
import java.util.Map;

/** A workload on loopback: the proxy has an address of its own, the program stays on 127.0.0.1. */
final class LoopbackNetwork implements WorkloadNetwork {
  private static final String PREFIX = "LINKERD2_PROXY_";

  private final AddressClaim claim;

  private LoopbackNetwork(AddressClaim claim) {
    this.claim = claim;
  }

  /**
   * Linux answers on all of 127.0.0.0/8 without any set-up, so each workload can use the usual
   * ports.
   */
  static LoopbackNetwork claim(StateDirectory state) {
    return new LoopbackNetwork(AddressClaim.take(state, last -> "127.0.1." + last));
  }

  private String ip() {
    return claim.ip();
  }

  @Override
  public List<String> ips() {
    return List.of(ip());
  }

  @Override
  public String programHost() {
    return "127.0.0.1";
  }

  @Override
  public String link() {
    return "lo";
  }

  @Override
  public Map<String, String> proxyEnvironment() {
    return Map.of(
        "WEFT_PROXY_MODE",
        "explicit",
        PREFIX + "INBOUND_LISTEN_ADDR",
        ip() + ":" + MeshKeys.INBOUND_PORT,
        PREFIX + "OUTBOUND_LISTEN_ADDR",
        ip() + ":" + MeshKeys.OUTBOUND_PORT,
        PREFIX + "ADMIN_LISTEN_ADDR",
        ip() + ":" + MeshKeys.ADMIN_PORT,
        PREFIX + "CONTROL_LISTEN_ADDR",
        ip() + ":" + MeshKeys.CONTROL_PORT);
  }

  @Override
  public Map<String, String> programEnvironment() {
    String outbound = ip() + ":" + MeshKeys.OUTBOUND_PORT;
    String proxyUrl = "http://" + outbound;
    String direct = "localhost,127.0.0.1,::1";
    return Map.of(
        "HTTP_PROXY", proxyUrl,
        "http_proxy", proxyUrl,
        "HTTPS_PROXY", proxyUrl,
        "https_proxy", proxyUrl,
        "ALL_PROXY", "socks5h://" + outbound,
        "grpc_proxy", proxyUrl,
        "NO_PROXY", direct,
        "no_proxy", direct,
        "WEFT_OUTBOUND", outbound);
  }

  @Override
  public List<String> proxyCommand(List<String> command) {
    return command;
  }

  @Override
  public List<String> programCommand(List<String> command) {
    return command;
  }

  @Override
  public void close() {
    claim.close();
  }
}
