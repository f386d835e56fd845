package dev.weft.proxy.detect;

import dev.weft.proxy.tls.PeerId;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Whether a connection begins with TLS, and for whom.
 *
 * <p>Reads a plaintext ClientHello (RFC 8446, 4.1.2) that lies whole in the first record. Source:
 * facts/proxy.md 2.4.
 */
public sealed interface ClientHello {
  /** Most bytes looked at; a hello that is longer is taken for something else. */
  int MAX_BYTES = 8 * 1024;

  /** TLS for a server of this name. */
  record Named(String serverName) implements ClientHello {}

  /** Anything else: no TLS, or none that names a server by a DNS name. */
  record NotTls() implements ClientHello {}

  /** The one instance. */
  ClientHello NOT_TLS = new NotTls();

  /**
   * Looks at the first bytes.
   *
   * @param bytes borrowed, not consumed
   * @param end whether no more will come, or fit
   * @return null if more bytes are needed
   */
  static @Nullable ClientHello of(ByteBuf bytes, boolean end) {
    try {
      String name = new Reader(bytes).serverName();
      return name != null && PeerId.isDnsName(name) ? new Named(name) : NOT_TLS;
    } catch (Reader.More _) {
      return end ? NOT_TLS : null;
    } catch (Reader.Mismatch _) {
      return NOT_TLS;
    }
  }

  /** A cursor over the borrowed bytes. */
  final class Reader {
    private static final int MAX_VECTOR = 8 * 1024;
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_NAME = 0;
    private static final int HOST_NAME = 0;
    private static final int RANDOM_BYTES = 32;

    private final ByteBuf bytes;
    private int at;
    private int limit;

    Reader(ByteBuf bytes) {
      this.bytes = bytes;
      this.at = bytes.readerIndex();
      this.limit = Integer.MAX_VALUE;
    }

    /** More bytes are needed to tell. */
    static final class More extends Exception {
      private static final long serialVersionUID = 1;
      static final More INSTANCE = new More();

      private More() {
        super(null, null, false, false);
      }
    }

    /** This is no ClientHello. */
    static final class Mismatch extends Exception {
      private static final long serialVersionUID = 1;
      static final Mismatch INSTANCE = new Mismatch();

      private Mismatch() {
        super(null, null, false, false);
      }
    }

    @Nullable String serverName() throws More, Mismatch {
      expect(u8(), HANDSHAKE);
      expect(u8(), 3);
      int minor = u8();
      if (minor != 1 && minor != 3) {
        throw Mismatch.INSTANCE;
      }
      limit(u16());
      expect(u8(), CLIENT_HELLO);
      expect(u8(), 0);
      limit(u16());
      expect(u16(), 0x0303);
      skip(RANDOM_BYTES);
      skip(u8());
      skip(vector(u16()));
      skip(u8());
      if (at == limit) {
        return null;
      }
      limit(vector(u16()));
      while (at < limit) {
        int type = u16();
        int length = vector(u16());
        if (type == SERVER_NAME) {
          return hostName(length);
        }
        skip(length);
      }
      return null;
    }

    private @Nullable String hostName(int length) throws More, Mismatch {
      limit(length);
      limit(vector(u16()));
      expect(u8(), HOST_NAME);
      int size = vector(u16());
      int start = at;
      skip(size);
      return bytes.toString(start, size, StandardCharsets.US_ASCII);
    }

    private static void expect(int found, int wanted) throws Mismatch {
      if (found != wanted) {
        throw Mismatch.INSTANCE;
      }
    }

    /** From here on, nothing lies beyond {@code length} bytes. */
    private void limit(int length) throws Mismatch {
      if (length > limit - at) {
        throw Mismatch.INSTANCE;
      }
      limit = at + length;
    }

    private static int vector(int length) throws Mismatch {
      if (length > MAX_VECTOR) {
        throw Mismatch.INSTANCE;
      }
      return length;
    }

    private int u8() throws More, Mismatch {
      skip(1);
      return bytes.getUnsignedByte(at - 1);
    }

    private int u16() throws More, Mismatch {
      skip(2);
      return bytes.getUnsignedShort(at - 2);
    }

    private void skip(int length) throws More, Mismatch {
      if (length > limit - at) {
        throw Mismatch.INSTANCE;
      }
      if (length > bytes.writerIndex() - at) {
        throw More.INSTANCE;
      }
      at += length;
    }
  }
}
