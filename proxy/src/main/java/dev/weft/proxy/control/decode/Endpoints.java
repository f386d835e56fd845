package dev.weft.proxy.control.decode;

import dev.weft.api.destination.Http2ClientParams;
import dev.weft.api.destination.ProtocolHint;
import dev.weft.api.destination.TlsIdentity;
import dev.weft.api.destination.WeightedAddr;
import dev.weft.mesh.Authority;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.control.Http2Params;
import dev.weft.proxy.tls.PeerId;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decodes endpoints, leniently: what cannot be used of one is left out. Source: facts/proxy-api.md
 * 10, 16.3.
 */
public final class Endpoints {
  private static final int MAX_OPAQUE_TRANSPORT_PORT = 65_534;

  private Endpoints() {}

  /**
   * An endpoint; empty if it has no usable address.
   *
   * @param setLabels labels of the set it came in; its own win
   */
  public static Optional<Endpoint> decode(WeightedAddr message, Map<String, String> setLabels) {
    Optional<InetSocketAddress> address = Values.address(message.getAddr());
    if (address.isEmpty() || address.get().getPort() == 0) {
      return Optional.empty();
    }
    Map<String, String> labels = new HashMap<>(setLabels);
    labels.putAll(message.getMetricLabelsMap());
    return Optional.of(
        new Endpoint(
            address.get(),
            Backends.bounded(message.getWeight()),
            labels,
            message.hasTlsIdentity() ? tls(message.getTlsIdentity()) : null,
            hint(message.getProtocolHint()),
            transportPort(message.getProtocolHint()),
            message.hasAuthorityOverride()
                ? authority(message.getAuthorityOverride().getAuthorityOverride())
                : null,
            message.hasHttp2() ? http2(message.getHttp2()) : Http2Params.DEFAULT));
  }

  /** How to speak TLS with it; null, which is plaintext, where identity or name is unusable. */
  private static Endpoint.@Nullable EndpointTls tls(TlsIdentity identity) {
    String serverName = identity.hasServerName() ? identity.getServerName().getName() : null;
    if (serverName != null && !PeerId.isDnsName(serverName)) {
      return null;
    }
    return switch (identity.getStrategyCase()) {
      case DNS_LIKE_IDENTITY -> {
        String name = identity.getDnsLikeIdentity().getName();
        yield PeerId.isDnsName(name)
            ? new Endpoint.EndpointTls(PeerId.dns(name), serverName == null ? name : serverName)
            : null;
      }
      case URI_LIKE_IDENTITY -> {
        String uri = identity.getUriLikeIdentity().getUri();
        yield serverName == null
            ? null
            : PeerId.parse(uri).map(id -> new Endpoint.EndpointTls(id, serverName)).orElse(null);
      }
      case STRATEGY_NOT_SET -> null;
    };
  }

  private static Endpoint.Hint hint(ProtocolHint hint) {
    return switch (hint.getProtocolCase()) {
      case H2 -> Endpoint.Hint.H2;
      case OPAQUE -> Endpoint.Hint.OPAQUE;
      case PROTOCOL_NOT_SET -> Endpoint.Hint.NONE;
    };
  }

  private static int transportPort(ProtocolHint hint) {
    int port = hint.getOpaqueTransport().getInboundPort();
    return hint.hasOpaqueTransport() && port > 0 && port <= MAX_OPAQUE_TRANSPORT_PORT ? port : 0;
  }

  private static @Nullable String authority(String text) {
    return Authority.tryParse(text).isPresent() ? text : null;
  }

  private static Http2Params http2(Http2ClientParams params) {
    Http2ClientParams.FlowControl flow = params.getFlowControl();
    int connection = Backends.bounded(flow.getInitialConnectionWindowSize());
    int stream = Backends.bounded(flow.getInitialStreamWindowSize());
    boolean fixed = connection != 0 && stream != 0 && !flow.getAdaptiveFlowControl();
    return new Http2Params(
        fixed ? connection : 0,
        fixed ? stream : 0,
        flow.getAdaptiveFlowControl(),
        params.hasKeepAlive() ? keepAlive(params.getKeepAlive()) : null,
        Backends.bounded(params.getInternals().getMaxFrameSize()),
        Backends.bounded(params.getInternals().getMaxSendBufSize()));
  }

  private static Http2Params.@Nullable KeepAlive keepAlive(Http2ClientParams.KeepAlive keepAlive) {
    if (!keepAlive.hasInterval() || !keepAlive.hasTimeout()) {
      return null;
    }
    try {
      Duration interval = Values.duration(keepAlive.getInterval());
      Duration timeout = Values.duration(keepAlive.getTimeout());
      return new Http2Params.KeepAlive(interval, timeout, keepAlive.getWhileIdle());
    } catch (IllegalArgumentException _) {
      return null;
    }
  }
}
