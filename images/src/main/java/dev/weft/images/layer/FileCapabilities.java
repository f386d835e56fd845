package dev.weft.images.layer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The capabilities of a file: permitted, inheritable and effective (`cap_…+eip`).
 *
 * <p>A process without them in its bounding set cannot run such a file at all: the kernel refuses
 * what it could not fulfil.
 *
 * @param mask a bit for each capability, numbered as in {@code linux/capability.h}; all below 32
 */
public record FileCapabilities(int mask) {
  /** An ordinary file. */
  public static final FileCapabilities NONE = new FileCapabilities(0);

  private static final int NET_ADMIN = 12;
  private static final int NET_RAW = 13;

  /** What changing the iptables of a network namespace takes. */
  public static final FileCapabilities NETWORK =
      new FileCapabilities(1 << NET_ADMIN | 1 << NET_RAW);

  private static final int REVISION_2_EFFECTIVE = 0x02000001;
  private static final int SIZE_BYTES = 20;

  /** The value of the extended attribute {@code security.capability} (capabilities(7)). */
  public byte[] attribute() {
    return ByteBuffer.allocate(SIZE_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(REVISION_2_EFFECTIVE)
        .putInt(mask)
        .putInt(mask)
        .array();
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return mask == 0;
  }

  @Override
  public String toString() {
    return Arrays.toString(attribute());
  }
}
