package dev.weft.proxy.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.mesh.Authority;
import dev.weft.mesh.IpAddr;
import dev.weft.proxy.config.IoTransport;
import dev.weft.proxy.config.TestEnvironment;
import dev.weft.proxy.metrics.Metrics;
import dev.weft.proxy.runtime.Loops;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceDnsTest {
  private static final String HOST = "linkerd-dst-headless.linkerd.svc.cluster.local.";
  private static final Authority SERVICE = new Authority(HOST, 8086);

  private final Loops loops = Loops.start(IoTransport.NIO, 1);
  private final Map<DnsRecordType, byte[][]> records = new HashMap<>();
  private final Metrics metrics = new Metrics(1);
  private Channel server;
  private ServiceDns dns;

  @BeforeEach
  void begin() throws Exception {
    server =
        new Bootstrap()
            .group(loops.workerGroup())
            .channel(loops.datagramChannel())
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new DatagramDnsQueryDecoder(),
                            new DatagramDnsResponseEncoder(),
                            new Answers());
                  }
                })
            .bind("127.0.0.1", 0)
            .sync()
            .channel();
    dns =
        new ServiceDns(
            loops,
            TestEnvironment.config().control(),
            new ControlMetrics(metrics, Clock.systemUTC()),
            new SingletonDnsServerAddressStreamProvider((InetSocketAddress) server.localAddress()));
  }

  @AfterEach
  void end() throws Exception {
    dns.close();
    server.close().sync();
    loops.close();
  }

  @Test
  void lookUp_srvWithAddressesInNames_needsNoOtherRecord() throws Exception {
    records.put(DnsRecordType.SRV, new byte[][] {srv(9090, "10-1-2-3"), srv(9091, "fd00--1")});
    ServiceDns.Answer answer = dns.lookUp(ControlService.POLICY, SERVICE).get(20, TimeUnit.SECONDS);

    assertThat(answer.addresses())
        .containsExactly(address("10.1.2.3", 9090), address("fd00::1", 9091));
    assertThat(answer.ttl()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void lookUp_srvNamesNoAddress_fallsBackToAddressRecords() throws Exception {
    records.put(DnsRecordType.SRV, new byte[][] {srv(9090, "pod-a")});
    records.put(DnsRecordType.A, new byte[][] {{10, 1, 2, 4}});

    assertThat(dns.lookUp(ControlService.POLICY, SERVICE).get(20, TimeUnit.SECONDS).addresses())
        .containsExactly(address("10.1.2.4", 8086));
  }

  @Test
  void lookUp_noSrv_fallsBackToAddressRecords() throws Exception {
    records.put(DnsRecordType.A, new byte[][] {{10, 1, 2, 5}});

    assertThat(dns.lookUp(ControlService.POLICY, SERVICE).get(20, TimeUnit.SECONDS).addresses())
        .containsExactly(address("10.1.2.5", 8086));
  }

  @Test
  void lookUps_areCountedByRecordAndResult() throws Exception {
    records.put(DnsRecordType.A, new byte[][] {{10, 1, 2, 5}});
    dns.lookUp(ControlService.POLICY, SERVICE).get(20, TimeUnit.SECONDS);
    String counts = "control_dns_resolutions_total{client=\"policy\",record_type=";

    assertThat(metrics.print())
        .contains(counts + "\"SRV\",result=\"not_found\"} 1")
        .contains(counts + "\"A/AAAA\",result=\"ok\"} 1");
    records.put(DnsRecordType.SRV, new byte[][] {srv(9090, "10-1-2-3")});
    dns.lookUp(ControlService.POLICY, new Authority("a." + HOST, 1)).exceptionally(_ -> null).get();
    assertThat(metrics.print()).contains(counts + "\"A/AAAA\",result=\"not_found\"} 1");
  }

  @Test
  void lookUp_nothingThere_fails() {
    assertThatThrownBy(() -> dns.lookUp(ControlService.POLICY, SERVICE).get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "10-1-2-3.linkerd-dst.linkerd.svc.cluster.local., 10.1.2.3",
    "fd00--1.linkerd-dst.linkerd.svc.cluster.local., fd00::1",
    "pod-a.linkerd-dst.linkerd.svc.cluster.local., ",
  })
  void address_ofTarget_isItsFirstLabel(String target, String ip) {
    assertThat(ServiceDns.address(target)).isEqualTo(Optional.ofNullable(ip).map(IpAddr::parse));
  }

  private static InetSocketAddress address(String ip, int port) {
    return new InetSocketAddress(IpAddr.parse(ip).toInetAddress(), port);
  }

  private static byte[] srv(int port, String firstLabel) {
    ByteBuf out = Unpooled.buffer();
    out.writeShort(0).writeShort(100).writeShort(port);
    for (String label : (firstLabel + "." + HOST).split("\\.")) {
      byte[] bytes = label.getBytes(StandardCharsets.US_ASCII);
      out.writeByte(bytes.length).writeBytes(bytes);
    }
    out.writeByte(0);
    byte[] record = new byte[out.readableBytes()];
    out.readBytes(record);
    out.release();
    return record;
  }

  /** A name server that knows one name. */
  private final class Answers extends SimpleChannelInboundHandler<DatagramDnsQuery> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramDnsQuery query) {
      DnsQuestion question = query.recordAt(DnsSection.QUESTION);
      byte[][] found =
          question.name().equals(HOST)
              ? records.getOrDefault(question.type(), new byte[0][])
              : new byte[0][];
      DatagramDnsResponse response =
          new DatagramDnsResponse(query.recipient(), query.sender(), query.id());
      response.addRecord(
          DnsSection.QUESTION, new DefaultDnsQuestion(question.name(), question.type()));
      response.setCode(found.length == 0 ? DnsResponseCode.NXDOMAIN : DnsResponseCode.NOERROR);
      for (byte[] record : List.of(found)) {
        response.addRecord(
            DnsSection.ANSWER,
            new DefaultDnsRawRecord(
                question.name(), question.type(), 30, Unpooled.wrappedBuffer(record)));
      }
      var _ = ctx.writeAndFlush(response);
    }
  }
}
