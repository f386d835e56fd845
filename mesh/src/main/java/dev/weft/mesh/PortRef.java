package dev.weft.mesh;

/** A port as manifests write it: a number or the name of a port declared elsewhere. */
public sealed interface PortRef {
  /** The port of this number. */
  static PortRef of(int port) {
    return new Number(port);
  }

  /** The port of this name. */
  static PortRef of(String name) {
    return new Name(name);
  }

  /**
   * A port by number.
   *
   * @param port 1 to 65535
   */
  record Number(int port) implements PortRef {
    /** Checks the bounds. */
    public Number {
      if (port < 1 || port > PortRange.MAX_PORT) {
        throw new IllegalArgumentException("port " + port + " refused; fix: 1 to 65535");
      }
    }

    @Override
    public String toString() {
      return Integer.toString(port);
    }
  }

  /**
   * A port by name.
   *
   * @param name not empty
   */
  record Name(String name) implements PortRef {
    /** Refuses the empty name. */
    public Name {
      if (name.isEmpty()) {
        throw new IllegalArgumentException("port name refused; cause: it is empty");
      }
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
