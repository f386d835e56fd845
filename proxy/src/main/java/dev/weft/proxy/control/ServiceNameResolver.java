package dev.weft.proxy.control;

import dev.weft.mesh.Authority;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.SynchronizationContext;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells gRPC where a service is, and tells it again whenever the answer ages. Replicas are
 * shuffled, so that proxies spread over them. Runs in the channel's synchronization context only.
 */
final class ServiceNameResolver extends NameResolver {
  private final ServiceDns dns;
  private final ControlService kind;
  private final Authority service;
  private final ChannelMeter meter;
  private final SynchronizationContext context;
  private @Nullable Listener2 listener;
  private boolean running;
  private ServiceDns.@Nullable Timer timer;

  ServiceNameResolver(
      ServiceDns dns,
      ControlService kind,
      Authority service,
      ChannelMeter meter,
      SynchronizationContext context) {
    this.dns = dns;
    this.kind = kind;
    this.meter = meter;
    this.service = service;
    this.context = context;
  }

  @Override
  public String getServiceAuthority() {
    return service.toString();
  }

  @Override
  public void start(Listener2 newListener) {
    listener = newListener;
    resolve();
  }

  @Override
  public void refresh() {
    resolve();
  }

  @Override
  public void shutdown() {
    listener = null;
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void resolve() {
    if (running || listener == null) {
      return;
    }
    running = true;
    dns.lookUp(kind, service)
        .whenComplete((answer, problem) -> context.execute(() -> resolved(answer, problem)));
  }

  private void resolved(ServiceDns.@Nullable Answer answer, @Nullable Throwable problem) {
    running = false;
    if (listener == null) {
      return;
    }
    if (answer == null) {
      listener.onError(
          Status.UNAVAILABLE.withDescription(
              service + " is not found; cause: " + (problem == null ? "" : problem.getMessage())));
      return;
    }
    List<InetSocketAddress> addresses = new ArrayList<>(answer.addresses());
    meter.found(Set.copyOf(addresses));
    Collections.shuffle(addresses);
    List<EquivalentAddressGroup> groups = new ArrayList<>(addresses.size());
    for (InetSocketAddress address : addresses) {
      groups.add(new EquivalentAddressGroup(address));
    }
    listener.onResult2(
        ResolutionResult.newBuilder().setAddressesOrError(StatusOr.fromValue(groups)).build());
    timer = dns.later(answer.ttl(), () -> context.execute(this::resolve));
  }
}
