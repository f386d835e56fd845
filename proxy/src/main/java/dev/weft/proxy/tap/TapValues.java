package dev.weft.proxy.tap;

import com.google.protobuf.ByteString;
import dev.weft.api.httptypes.Headers;
import dev.weft.api.httptypes.HttpMethod;
import dev.weft.api.httptypes.Scheme;
import dev.weft.api.net.IPAddress;
import dev.weft.api.net.IPv6;
import dev.weft.api.net.TcpAddress;
import dev.weft.mesh.IpAddr;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.ResponseHead;
import io.netty.util.AsciiString;
import java.net.InetSocketAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The parts of tap events. Header values are not changed, as the contract has it. */
final class TapValues {
  private TapValues() {}

  static TcpAddress address(InetSocketAddress address) {
    IpAddr ip = IpAddr.of(address.getAddress());
    IPAddress.Builder message = IPAddress.newBuilder();
    if (ip.isV4()) {
      message.setIpv4(ip.v4Bits());
    } else {
      message.setIpv6(IPv6.newBuilder().setFirst(ip.high()).setLast(ip.low()));
    }
    return TcpAddress.newBuilder().setIp(message).setPort(address.getPort()).build();
  }

  static HttpMethod method(String name) {
    for (HttpMethod.Registered known : HttpMethod.Registered.values()) {
      if (known != HttpMethod.Registered.UNRECOGNIZED && known.name().equals(name)) {
        return HttpMethod.newBuilder().setRegistered(known).build();
      }
    }
    return HttpMethod.newBuilder().setUnregistered(name).build();
  }

  static Scheme scheme(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "http" -> Scheme.newBuilder().setRegistered(Scheme.Registered.HTTP).build();
      case "https" -> Scheme.newBuilder().setRegistered(Scheme.Registered.HTTPS).build();
      default -> Scheme.newBuilder().setUnregistered(name).build();
    };
  }

  static Headers headers(RequestHead head) {
    Headers.Builder out = Headers.newBuilder();
    if (head.version == HttpVersion.HTTP_2) {
      add(out, ":method", head.method);
      add(out, ":scheme", head.scheme);
      add(out, ":authority", head.authority);
      add(out, ":path", head.path);
    }
    return addAll(out, head.headers);
  }

  static Headers headers(ResponseHead head) {
    Headers.Builder out = Headers.newBuilder();
    if (head.version == HttpVersion.HTTP_2) {
      add(out, ":status", AsciiString.of(Integer.toString(head.status)));
    }
    return addAll(out, head.headers);
  }

  static Headers headers(HeaderBlock block) {
    return addAll(Headers.newBuilder(), block);
  }

  private static Headers addAll(Headers.Builder out, HeaderBlock block) {
    for (int i = 0; i < block.size(); i++) {
      add(out, block.name(i).toString(), block.value(i));
    }
    return out.build();
  }

  private static void add(Headers.Builder out, String name, @Nullable AsciiString value) {
    if (value != null && !value.isEmpty()) {
      out.addHeaders(
          Headers.Header.newBuilder()
              .setName(name)
              .setValue(ByteString.copyFrom(value.array(), value.arrayOffset(), value.length())));
    }
  }
}
