package dev.weft.proxy.control;

import dev.weft.mesh.Authority;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.List;

/** Lets gRPC find the services of the control plane by our own DNS client. Thread-safe. */
public final class ServiceNames {
  private static final String SCHEME = "weft";

  private final ServiceDns dns;

  /** Names found by this client. */
  public ServiceNames(ServiceDns dns) {
    this.dns = dns;
  }

  /** The beginning of a channel to a named service. */
  @SuppressWarnings("deprecation") // The registry it asks to use instead is global to the process.
  NettyChannelBuilder builder(ControlService kind, Authority service, ChannelMeter meter) {
    return NettyChannelBuilder.forTarget(SCHEME + ":///" + service)
        .nameResolverFactory(new Provider(kind, service, meter));
  }

  private final class Provider extends NameResolverProvider {
    private final ControlService kind;
    private final Authority service;
    private final ChannelMeter meter;

    Provider(ControlService kind, Authority service, ChannelMeter meter) {
      this.kind = kind;
      this.service = service;
      this.meter = meter;
    }

    @Override
    protected boolean isAvailable() {
      return true;
    }

    @Override
    protected int priority() {
      return 5;
    }

    @Override
    public String getDefaultScheme() {
      return SCHEME;
    }

    @Override
    public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
      return List.of(InetSocketAddress.class);
    }

    @Override
    public NameResolver newNameResolver(URI target, NameResolver.Args args) {
      return new ServiceNameResolver(dns, kind, service, meter, args.getSynchronizationContext());
    }
  }
}
