package dev.weft.proxy.control;

import dev.weft.mesh.Authority;
import dev.weft.mesh.IpAddr;
import dev.weft.proxy.config.ControlConfig;
import dev.weft.proxy.runtime.Loops;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks services up in DNS without blocking: SRV first, whose targets carry the address in their
 * first label; then A and AAAA. Sockets live on the admin loop. Thread-safe.
 *
 * <p>Source: facts/proxy.md 1.6.
 */
public final class ServiceDns implements AutoCloseable {
  /** No answer is asked for again earlier, whatever its TTL. */
  private static final Duration MIN_TTL = Duration.ofSeconds(5);

  private static final int SRV_PORT_OFFSET = 4;
  private static final int SRV_TARGET_OFFSET = 6;

  private final DnsNameResolver resolver;
  private final EventLoop loop;
  private final @Nullable Duration maxTtl;
  private final ControlMetrics metrics;

  /** A client of the name servers in {@code /etc/resolv.conf}. */
  public ServiceDns(Loops loops, ControlConfig config, ControlMetrics metrics) {
    this(loops, config, metrics, DnsServerAddressStreamProviders.platformDefault());
  }

  ServiceDns(
      Loops loops,
      ControlConfig config,
      ControlMetrics metrics,
      DnsServerAddressStreamProvider servers) {
    this.metrics = metrics;
    this.loop = loops.admin();
    this.maxTtl = config.dnsMaxTtl();
    DnsNameResolverBuilder builder =
        new DnsNameResolverBuilder(loop)
            .nameServerProvider(servers)
            .datagramChannelType(loops.datagramChannel())
            .socketChannelType(loops.socketChannel());
    int min = config.dnsMinTtl() == null ? 0 : Math.toIntExact(config.dnsMinTtl().toSeconds());
    int max = maxTtl == null ? Integer.MAX_VALUE : Math.toIntExact(maxTtl.toSeconds());
    this.resolver = builder.ttl(min, Math.max(min, max)).build();
  }

  /**
   * Where a service is.
   *
   * @param addresses at least one
   * @param ttl when to ask again
   */
  record Answer(List<InetSocketAddress> addresses, Duration ttl) {
    Answer {
      addresses = List.copyOf(addresses);
    }
  }

  /** Something that will happen. */
  @FunctionalInterface
  interface Timer {
    void cancel();
  }

  /** Runs {@code task} after a pause, on the admin loop. */
  Timer later(Duration pause, Runnable task) {
    ScheduledFuture<?> future = loop.schedule(task, pause.toMillis(), TimeUnit.MILLISECONDS);
    return () -> future.cancel(false);
  }

  /** Looks a service up; fails if neither kind of record is there. */
  CompletableFuture<Answer> lookUp(ControlService kind, Authority service) {
    CompletableFuture<Answer> result = new CompletableFuture<>();
    Future<List<DnsRecord>> records =
        resolver.resolveAll(new DefaultDnsQuestion(service.host(), DnsRecordType.SRV));
    records.addListener(
        _ -> {
          Optional<Answer> answer =
              records.isSuccess() ? fromSrv(records.getNow()) : Optional.empty();
          metrics.resolved(kind, ControlMetrics.RecordType.SRV, answer.isPresent());
          answer.ifPresentOrElse(result::complete, () -> lookUpAddresses(kind, service, result));
        });
    return result;
  }

  private void lookUpAddresses(
      ControlService kind, Authority service, CompletableFuture<Answer> result) {
    String host = service.host();
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    Future<List<InetAddress>> found = resolver.resolveAll(name);
    found.addListener(
        _ -> {
          metrics.resolved(kind, ControlMetrics.RecordType.ADDRESS, found.isSuccess());
          if (!found.isSuccess()) {
            Throwable cause = found.cause();
            result.completeExceptionally(
                cause == null ? new UnknownHostException(service.host()) : cause);
            return;
          }
          List<InetSocketAddress> addresses = new ArrayList<>();
          for (InetAddress address : found.getNow()) {
            addresses.add(new InetSocketAddress(address, service.port()));
          }
          // The resolver remembers answers for their TTL, so asking it often costs nothing.
          result.complete(new Answer(addresses, MIN_TTL));
        });
  }

  /** Consumes the records. Empty unless every target carries an address. */
  private Optional<Answer> fromSrv(List<DnsRecord> records) {
    List<InetSocketAddress> addresses = new ArrayList<>();
    long ttlSeconds = Long.MAX_VALUE;
    boolean usable = true;
    try {
      for (DnsRecord record : records) {
        if (!(record instanceof DnsRawRecord raw) || !record.type().equals(DnsRecordType.SRV)) {
          continue;
        }
        ByteBuf content = raw.content();
        int port = content.getUnsignedShort(content.readerIndex() + SRV_PORT_OFFSET);
        String target =
            DefaultDnsRecordDecoder.decodeName(content.duplicate().skipBytes(SRV_TARGET_OFFSET));
        Optional<IpAddr> ip = address(target);
        usable &= ip.isPresent();
        ip.ifPresent(a -> addresses.add(new InetSocketAddress(a.toInetAddress(), port)));
        ttlSeconds = Math.min(ttlSeconds, record.timeToLive());
      }
    } finally {
      records.forEach(ReferenceCountUtil::release);
    }
    if (!usable || addresses.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Answer(addresses, bounded(Duration.ofSeconds(ttlSeconds))));
  }

  private Duration bounded(Duration ttl) {
    Duration upper = maxTtl != null && ttl.compareTo(maxTtl) > 0 ? maxTtl : ttl;
    return upper.compareTo(MIN_TTL) < 0 ? MIN_TTL : upper;
  }

  /** The address in a name such as {@code 10-1-2-3.linkerd-dst-headless.linkerd.svc.…}. */
  static Optional<IpAddr> address(String target) {
    int dot = target.indexOf('.');
    String label = dot < 0 ? target : target.substring(0, dot);
    return IpAddr.tryParse(label.replace('-', '.'))
        .or(() -> IpAddr.tryParse(label.replace('-', ':')));
  }

  @Override
  public void close() {
    resolver.close();
  }
}
