package dev.weft.cli.standalone;

import dev.weft.cli.CliException;
import picocli.CommandLine.ITypeConverter;

/**
 * A port of a workload: {@code 8080}, or {@code 8080:18080} where the program itself listens on
 * another port than its Service offers.
 *
 * @param service the port of the Service, 1 to 65535
 * @param program the port on 127.0.0.1 where the program listens, 1 to 65535
 */
public record PortMapping(int service, int program) {
  public PortMapping {
    require(service);
    require(program);
  }

  private static void require(int port) {
    if (port < 1 || port > 65_535) {
      throw new CliException(
          "--port " + port + " refused", "not a TCP port", "choose one of 1 to 65535");
    }
  }

  /** The name that ties Service and endpoints together. */
  String name() {
    return "p" + service;
  }

  /** Reads the two spellings. */
  static final class Reader implements ITypeConverter<PortMapping> {
    @Override
    public PortMapping convert(String text) {
      int colon = text.indexOf(':');
      try {
        int service = Integer.parseInt(colon < 0 ? text : text.substring(0, colon));
        return new PortMapping(
            service, colon < 0 ? service : Integer.parseInt(text.substring(colon + 1)));
      } catch (NumberFormatException _) {
        throw new CliException(
            "--port " + text + " refused", "not a port", "write PORT or SERVICE_PORT:PROGRAM_PORT");
      }
    }
  }
}
