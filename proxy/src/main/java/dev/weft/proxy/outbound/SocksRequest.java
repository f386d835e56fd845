package dev.weft.proxy.outbound;

import dev.weft.mesh.Authority;
import dev.weft.mesh.IpAddr;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The request of a SOCKS5 client, and the replies. Source: RFC 1928 sections 4 to 6.
 *
 * <pre>{@code
 * +----+-----+-------+------+----------+----------+
 * |VER | CMD |  RSV  | ATYP | DST.ADDR | DST.PORT |
 * +----+-----+-------+------+----------+----------+
 * | 1  |  1  | X'00' |  1   | Variable |    2     |
 * }</pre>
 */
sealed interface SocksRequest {
  /** Most bytes of a request: a name of 255 bytes. */
  int MAX_BYTES = 4 + 1 + 255 + 2;

  /** A reply of the server. */
  enum Reply {
    SUCCEEDED(0),
    GENERAL_FAILURE(1),
    NOT_ALLOWED(2),
    COMMAND_NOT_SUPPORTED(7),
    ADDRESS_TYPE_NOT_SUPPORTED(8);

    private final int code;

    Reply(int code) {
      this.code = code;
    }

    /** The reply on the wire; the bound address is unknown to the proxy and all zeros. */
    ByteBuf encode() {
      return Unpooled.wrappedBuffer(
          new byte[] {Opening.SOCKS_VERSION, (byte) code, 0, 1, 0, 0, 0, 0, 0, 0});
    }
  }

  /** The answer to a greeting: no authentication is needed. */
  static ByteBuf welcome() {
    return Unpooled.wrappedBuffer(new byte[] {Opening.SOCKS_VERSION, 0});
  }

  /** The answer to a greeting without an acceptable method. */
  static ByteBuf noAcceptableMethod() {
    return Unpooled.wrappedBuffer(new byte[] {Opening.SOCKS_VERSION, (byte) 0xff});
  }

  /** A connection to a target. */
  record Connect(Authority target) implements SocksRequest {}

  /** Something else. */
  record Bad(Reply reply, String cause) implements SocksRequest {}

  /**
   * Reads a request.
   *
   * @param bytes borrowed; a complete request is consumed
   * @param end whether no more will come, or fit
   * @return null if more bytes are needed
   */
  static @Nullable SocksRequest of(ByteBuf bytes, boolean end) {
    int start = bytes.readerIndex();
    int available = bytes.readableBytes();
    SocksRequest cut = end ? new Bad(Reply.GENERAL_FAILURE, "request is cut short") : null;
    if (available < 5) {
      return cut;
    }
    if (bytes.getByte(start) != Opening.SOCKS_VERSION || bytes.getByte(start + 2) != 0) {
      return new Bad(Reply.GENERAL_FAILURE, "request is malformed");
    }
    if (bytes.getByte(start + 1) != 1) {
      return new Bad(Reply.COMMAND_NOT_SUPPORTED, "only CONNECT is supported");
    }
    int addressAt = start + 4;
    int addressLength;
    switch (bytes.getByte(start + 3)) {
      case 1 -> addressLength = 4;
      case 3 -> {
        addressLength = bytes.getUnsignedByte(addressAt);
        addressAt++;
      }
      case 4 -> addressLength = 16;
      default -> {
        return new Bad(Reply.ADDRESS_TYPE_NOT_SUPPORTED, "address type is unknown");
      }
    }
    int length = addressAt - start + addressLength + 2;
    if (available < length) {
      return cut;
    }
    int port = bytes.getUnsignedShort(addressAt + addressLength);
    String host =
        bytes.getByte(start + 3) == 3
            ? bytes.toString(addressAt, addressLength, StandardCharsets.ISO_8859_1)
            : IpAddr.of(ByteBufUtil.getBytes(bytes, addressAt, addressLength)).toString();
    bytes.skipBytes(length);
    try {
      if (port == 0) {
        return new Bad(Reply.NOT_ALLOWED, "port 0 cannot be connected to");
      }
      return new Connect(new Authority(host, port));
    } catch (IllegalArgumentException e) {
      return new Bad(Reply.NOT_ALLOWED, "the name is none: " + e.getMessage());
    }
  }
}
