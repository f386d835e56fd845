package dev.weft.policyservice;

import dev.weft.mesh.Cidr;
import dev.weft.mesh.DefaultInboundPolicy;
import dev.weft.mesh.PortSet;
import org.eclipse.microprofile.config.spi.Converter;

/**
 * Readers of configuration values. What they refuse ends the start with key and value. Public since
 * the configuration makes them from its own package.
 */
public final class Converters {
  private Converters() {}

  /** One of the six names. */
  public static final class DefaultPolicy implements Converter<DefaultInboundPolicy> {
    private static final long serialVersionUID = 1;

    /** Made by the configuration. */
    public DefaultPolicy() {}

    @Override
    public DefaultInboundPolicy convert(String value) {
      return DefaultInboundPolicy.parse(value.strip())
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "'" + value + "' is none of the six default policies"));
    }
  }

  /** A CIDR block or a bare address. */
  public static final class Block implements Converter<Cidr> {
    private static final long serialVersionUID = 1;

    /** Made by the configuration. */
    public Block() {}

    @Override
    public Cidr convert(String value) {
      return Cidr.parse(value.strip());
    }
  }

  /** Ports and ranges. */
  public static final class Ports implements Converter<PortSet> {
    private static final long serialVersionUID = 1;

    /** Made by the configuration. */
    public Ports() {}

    @Override
    public PortSet convert(String value) {
      return PortSet.parseStrict(value)
          .orElseThrow(
              () -> new IllegalArgumentException("'" + value + "' is no list of ports and ranges"));
    }
  }
}
