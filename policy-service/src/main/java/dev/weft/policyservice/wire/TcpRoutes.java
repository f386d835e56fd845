package dev.weft.policyservice.wire;

import dev.weft.api.opaqueroute.Forbidden;
import dev.weft.api.opaqueroute.Invalid;
import dev.weft.api.outbound.OpaqueRoute;
import dev.weft.api.outbound.TlsRoute;
import dev.weft.api.tlsroute.SniMatch;
import dev.weft.policy.outbound.Distribution;
import dev.weft.policy.outbound.Distribution.RouteBackend;
import dev.weft.policy.outbound.Distribution.Weighted;
import dev.weft.policy.outbound.OutboundOpaqueRoute;
import dev.weft.policy.outbound.OutboundTlsRoute;
import dev.weft.policy.outbound.TcpFilter;
import dev.weft.policy.route.HostMatch;
import java.util.List;

/** Outbound opaque and TLS routes, each with its one rule. */
final class TcpRoutes {
  private TcpRoutes() {}

  static OpaqueRoute opaque(OutboundOpaqueRoute route) {
    return OpaqueRoute.newBuilder()
        .setMetadata(Common.metadata(route.ref()))
        .addRules(
            OpaqueRoute.Rule.newBuilder()
                .setBackends(opaque(route.distribution()))
                .addAllFilters(route.filters().stream().map(TcpRoutes::opaque).toList()))
        .build();
  }

  private static OpaqueRoute.Distribution opaque(Distribution<TcpFilter> distribution) {
    OpaqueRoute.Distribution.Builder message = OpaqueRoute.Distribution.newBuilder();
    switch (distribution) {
      case Distribution.Empty<TcpFilter> _ ->
          message.setEmpty(OpaqueRoute.Distribution.Empty.getDefaultInstance());
      case Distribution.FirstAvailable<TcpFilter>(List<RouteBackend<TcpFilter>> backends) ->
          backends.forEach(
              backend -> message.getFirstAvailableBuilder().addBackends(opaque(backend)));
      case Distribution.Random<TcpFilter>(List<Weighted<TcpFilter>> backends) ->
          backends.forEach(
              backend -> message.getRandomAvailableBuilder().addBackends(opaque(backend)));
    }
    return message.build();
  }

  private static OpaqueRoute.WeightedRouteBackend opaque(Weighted<TcpFilter> weighted) {
    return OpaqueRoute.WeightedRouteBackend.newBuilder()
        .setBackend(opaque(weighted.backend()))
        .setWeight((int) weighted.weight())
        .build();
  }

  private static OpaqueRoute.RouteBackend opaque(RouteBackend<TcpFilter> backend) {
    return OpaqueRoute.RouteBackend.newBuilder()
        .setBackend(Backends.encode(backend.backend()))
        .addAllFilters(backend.filters().stream().map(TcpRoutes::opaque).toList())
        .build();
  }

  private static OpaqueRoute.Filter opaque(TcpFilter filter) {
    return switch (filter) {
      case TcpFilter.Forbidden _ ->
          OpaqueRoute.Filter.newBuilder().setForbidden(Forbidden.getDefaultInstance()).build();
      case TcpFilter.Invalid(String text) ->
          OpaqueRoute.Filter.newBuilder().setInvalid(Invalid.newBuilder().setMessage(text)).build();
    };
  }

  static TlsRoute tls(OutboundTlsRoute route) {
    return TlsRoute.newBuilder()
        .setMetadata(Common.metadata(route.ref()))
        .addAllSnis(route.serverNames().stream().map(TcpRoutes::sni).toList())
        .addRules(
            TlsRoute.Rule.newBuilder()
                .setBackends(tls(route.distribution()))
                .addAllFilters(route.filters().stream().map(TcpRoutes::tls).toList()))
        .build();
  }

  private static SniMatch sni(HostMatch match) {
    return switch (match) {
      case HostMatch.Exact(String name) -> SniMatch.newBuilder().setExact(name).build();
      case HostMatch.Suffix(List<String> labels) ->
          SniMatch.newBuilder()
              .setSuffix(SniMatch.Suffix.newBuilder().addAllReverseLabels(labels))
              .build();
    };
  }

  private static TlsRoute.Distribution tls(Distribution<TcpFilter> distribution) {
    TlsRoute.Distribution.Builder message = TlsRoute.Distribution.newBuilder();
    switch (distribution) {
      case Distribution.Empty<TcpFilter> _ ->
          message.setEmpty(TlsRoute.Distribution.Empty.getDefaultInstance());
      case Distribution.FirstAvailable<TcpFilter>(List<RouteBackend<TcpFilter>> backends) ->
          backends.forEach(backend -> message.getFirstAvailableBuilder().addBackends(tls(backend)));
      case Distribution.Random<TcpFilter>(List<Weighted<TcpFilter>> backends) ->
          backends.forEach(
              backend -> message.getRandomAvailableBuilder().addBackends(tls(backend)));
    }
    return message.build();
  }

  private static TlsRoute.WeightedRouteBackend tls(Weighted<TcpFilter> weighted) {
    return TlsRoute.WeightedRouteBackend.newBuilder()
        .setBackend(tls(weighted.backend()))
        .setWeight((int) weighted.weight())
        .build();
  }

  private static TlsRoute.RouteBackend tls(RouteBackend<TcpFilter> backend) {
    return TlsRoute.RouteBackend.newBuilder()
        .setBackend(Backends.encode(backend.backend()))
        .addAllFilters(backend.filters().stream().map(TcpRoutes::tls).toList())
        .build();
  }

  private static TlsRoute.Filter tls(TcpFilter filter) {
    return switch (filter) {
      case TcpFilter.Forbidden _ ->
          TlsRoute.Filter.newBuilder().setForbidden(Forbidden.getDefaultInstance()).build();
      case TcpFilter.Invalid(String text) ->
          TlsRoute.Filter.newBuilder().setInvalid(Invalid.newBuilder().setMessage(text)).build();
    };
  }
}
