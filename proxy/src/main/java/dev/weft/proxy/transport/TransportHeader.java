package dev.weft.proxy.transport;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.api.transport.Header;
import dev.weft.api.transport.SessionProtocol;
import dev.weft.proxy.tls.PeerId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where the bytes that follow on a direct connection are meant to go, and what they speak.
 *
 * <p>On the wire, big endian: the 23 bytes {@code transport.l5d.io/v1\r\n\r\n}, the length of the
 * message as 32 bits, the message {@code transport.l5d.io.Header}. Source: facts/proxy.md 2.3.
 *
 * @param port of the target, 1 to 65535
 * @param name DNS name of the target for a gateway to resolve; empty: the receiving workload
 * @param session what the bytes speak
 */
public record TransportHeader(int port, String name, Session session) {
  /** Most bytes of a header, preface and length included. */
  public static final int MAX_BYTES = 64 * 1024;

  private static final byte[] PREFACE =
      "transport.l5d.io/v1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int PREFIX_BYTES = PREFACE.length + Integer.BYTES;
  private static final int MAX_PORT = 65_535;

  /** Messages nest two deep; more is an attack. */
  private static final int MAX_NESTING = 4;

  /** What the bytes after the header speak. */
  public enum Session {
    /** Nobody may look. */
    OPAQUE,
    /** HTTP/1. */
    HTTP_1,
    /** HTTP/2 with prior knowledge. */
    HTTP_2
  }

  /** Checks port and name. */
  public TransportHeader {
    if (port < 1 || port > MAX_PORT) {
      throw new IllegalArgumentException("port " + port + " is outside 1.." + MAX_PORT);
    }
    if (!name.isEmpty() && !PeerId.isDnsName(name)) {
      throw new IllegalArgumentException("the name is no DNS name");
    }
  }

  /** The header in wire format; the caller owns the buffer. */
  public ByteBuf encode(ByteBufAllocator allocator) {
    Header.Builder message = Header.newBuilder().setPort(port).setName(name);
    switch (session) {
      case OPAQUE -> {}
      case HTTP_1 ->
          message.setSessionProtocol(
              SessionProtocol.newBuilder().setHttp1(SessionProtocol.Http1.getDefaultInstance()));
      case HTTP_2 ->
          message.setSessionProtocol(
              SessionProtocol.newBuilder().setHttp2(SessionProtocol.Http2.getDefaultInstance()));
    }
    byte[] encoded = message.build().toByteArray();
    return allocator
        .buffer(PREFIX_BYTES + encoded.length)
        .writeBytes(PREFACE)
        .writeInt(encoded.length)
        .writeBytes(encoded);
  }

  /**
   * Takes a header off the front of what was received.
   *
   * @param bytes borrowed; the reader index moves past the header if it is complete, else stays
   * @return null while the header is incomplete
   * @throws MalformedException as soon as it is certain that this is no acceptable header
   */
  public static @Nullable TransportHeader decode(ByteBuf bytes) throws MalformedException {
    int start = bytes.readerIndex();
    int available = bytes.readableBytes();
    for (int i = 0; i < Math.min(available, PREFACE.length); i++) {
      if (bytes.getByte(start + i) != PREFACE[i]) {
        throw new MalformedException("it does not begin with the preface", null);
      }
    }
    if (available < PREFIX_BYTES) {
      return null;
    }
    long length = bytes.getUnsignedInt(start + PREFACE.length);
    if (length > MAX_BYTES - PREFIX_BYTES) {
      throw new MalformedException(
          "its message of " + length + " bytes exceeds " + (MAX_BYTES - PREFIX_BYTES), null);
    }
    int total = PREFIX_BYTES + (int) length;
    if (available < total) {
      return null;
    }
    TransportHeader header = parse(bytes, start + PREFIX_BYTES, (int) length);
    bytes.readerIndex(start + total);
    return header;
  }

  private static TransportHeader parse(ByteBuf bytes, int at, int length)
      throws MalformedException {
    Header message;
    try {
      CodedInputStream in = CodedInputStream.newInstance(bytes.nioBuffer(at, length));
      in.setRecursionLimit(MAX_NESTING);
      message = Header.parseFrom(in);
    } catch (InvalidProtocolBufferException e) {
      throw new MalformedException("its message cannot be decoded: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new AssertionError("a buffer in memory cannot fail", e);
    }
    try {
      return new TransportHeader(message.getPort(), message.getName(), session(message));
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Session session(Header message) {
    return switch (message.getSessionProtocol().getKindCase()) {
      case HTTP_1 -> Session.HTTP_1;
      case HTTP_2 -> Session.HTTP_2;
      case KIND_NOT_SET -> Session.OPAQUE;
    };
  }

  /** Bytes that are no transport header. */
  public static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedException(String cause, @Nullable Throwable e) {
      super("transport header refused; cause: " + cause, e);
    }
  }
}
