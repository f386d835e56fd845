package dev.weft.cli.standalone;

import dev.weft.cli.CliException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * How the control plane of a standalone mesh is reached; {@code weft up} writes it, {@code weft
 * run} reads it.
 *
 * @param network how workloads are connected, and where all services listen
 * @param ports the ports of each service
 * @param pid the process that supervises them
 */
record MeshFile(MeshNetwork network, Map<ControlPlaneService, Ports> ports, long pid) {
  MeshFile {
    ports = Map.copyOf(ports);
  }

  /** The listeners of one service. */
  record Ports(int grpc, int admin) {}

  /** The gRPC address of a service as {@code host:port}. */
  String grpcAddress(ControlPlaneService service) {
    return host() + ":" + ports.get(service).grpc();
  }

  /** The address all services listen on. */
  String host() {
    return network.host();
  }

  /** Writes the file. */
  void save(StateDirectory state) {
    Properties properties = new Properties();
    properties.setProperty("network", network.kind().name());
    properties.setProperty("network.index", Integer.toString(network.index()));
    properties.setProperty("pid", Long.toString(pid));
    ports.forEach(
        (service, of) -> {
          properties.setProperty(service.program() + ".grpc", Integer.toString(of.grpc()));
          properties.setProperty(service.program() + ".admin", Integer.toString(of.admin()));
        });
    StringWriter text = new StringWriter();
    try {
      properties.store(text, "Where the control plane of this mesh listens; written by weft up");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    StateDirectory.replace(state.meshFile(), text.toString());
  }

  /**
   * Reads the file of a mesh that runs.
   *
   * @throws CliException if none does
   */
  static MeshFile load(StateDirectory state) {
    Path file = state.meshFile();
    try {
      Properties properties = new Properties();
      properties.load(new StringReader(Files.readString(file)));
      Map<ControlPlaneService, Ports> ports = new EnumMap<>(ControlPlaneService.class);
      for (ControlPlaneService service : ControlPlaneService.values()) {
        ports.put(
            service,
            new Ports(
                number(properties, service.program() + ".grpc"),
                number(properties, service.program() + ".admin")));
      }
      MeshFile mesh =
          new MeshFile(
              new MeshNetwork(
                  MeshNetwork.Kind.valueOf(String.valueOf(properties.getProperty("network"))),
                  number(properties, "network.index")),
              ports,
              Long.parseLong(String.valueOf(properties.getProperty("pid"))));
      if (ProcessHandle.of(mesh.pid()).isEmpty()) {
        throw noMesh(file, "process " + mesh.pid() + ", which supervised it, is gone");
      }
      return mesh;
    } catch (NoSuchFileException _) {
      throw noMesh(file, file + " does not exist");
    } catch (IOException e) {
      throw noMesh(file, String.valueOf(e));
    } catch (IllegalArgumentException e) {
      throw noMesh(file, file + " is damaged: " + e.getMessage());
    }
  }

  /** The mesh that runs in a state directory, if one does. */
  static Optional<MeshFile> running(StateDirectory state) {
    try {
      return Optional.of(load(state));
    } catch (CliException _) {
      return Optional.empty();
    }
  }

  private static CliException noMesh(Path file, String cause) {
    return new CliException(
        "no mesh runs in " + file.getParent(),
        cause,
        "start one with `weft up` in another terminal");
  }

  private static int number(Properties properties, String key) {
    return Integer.parseInt(String.valueOf(properties.getProperty(key)));
  }
}
