package dev.weft.proxy.config;

/** How the proxy learns where a connection wants to go. */
public enum ProxyMode {
  /**
   * By the original destination where the kernel knows one that is not the listener itself; else by
   * what the client says.
   */
  AUTO,
  /**
   * By what the client says only (HTTP absolute form, CONNECT, SOCKS5). The kernel is never asked,
   * and endpoints on loopback addresses may be dialled. For places where nobody may touch iptables.
   */
  EXPLICIT
}
