package dev.weft.proxy.outbound;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.net.InetSocketAddress;

/** A name server that knows no name. */
final class NoNames implements AutoCloseable {
  private final Channel server =
      new Bootstrap()
          .group(Harness.PEER_LOOPS)
          .channel(NioDatagramChannel.class)
          .handler(
              new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                  channel
                      .pipeline()
                      .addLast(
                          new DatagramDnsQueryDecoder(),
                          new DatagramDnsResponseEncoder(),
                          new Denials());
                }
              })
          .bind("127.0.0.1", 0)
          .syncUninterruptibly()
          .channel();

  DnsServerAddressStreamProvider provider() {
    return new SingletonDnsServerAddressStreamProvider((InetSocketAddress) server.localAddress());
  }

  @Override
  public void close() {
    server.close().syncUninterruptibly();
  }

  private static final class Denials extends SimpleChannelInboundHandler<DatagramDnsQuery> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramDnsQuery query) {
      DnsQuestion question = query.recordAt(DnsSection.QUESTION);
      DatagramDnsResponse answer =
          new DatagramDnsResponse(query.recipient(), query.sender(), query.id());
      answer.setCode(DnsResponseCode.NXDOMAIN);
      answer.addRecord(DnsSection.QUESTION, question);
      ctx.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
  }
}
