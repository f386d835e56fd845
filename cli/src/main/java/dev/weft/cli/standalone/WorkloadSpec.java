package dev.weft.cli.standalone;

import dev.weft.cli.CliException;
import dev.weft.mesh.Dns1123;
import dev.weft.mesh.ServiceAccountRef;
import java.util.List;

/**
 * What a standalone workload is: who it is and what it serves.
 *
 * @param namespace its namespace
 * @param name its name, and that of its Service
 * @param instance distinguishes several of one name; part of the pod's name
 * @param serviceAccount who it speaks as
 * @param ports the TCP ports it serves, none for a client
 * @param annotations of its pod, for example opaque ports
 */
public record WorkloadSpec(
    String namespace,
    String name,
    String instance,
    String serviceAccount,
    List<PortMapping> ports,
    List<String> annotations) {

  public WorkloadSpec {
    requireLabel("--namespace", namespace);
    requireLabel("--name", name);
    requireLabel("--service-account", serviceAccount);
    ports = List.copyOf(ports);
    annotations = List.copyOf(annotations);
    for (String annotation : annotations) {
      if (annotation.indexOf('=') < 1) {
        throw new CliException(
            "--annotation " + annotation + " refused", "it has no key", "write KEY=VALUE");
      }
    }
  }

  /** A client or server with its own service account and nothing special. */
  public static WorkloadSpec of(String name, String instance, List<PortMapping> ports) {
    return new WorkloadSpec("default", name, instance, name, ports, List.of());
  }

  private static void requireLabel(String option, String value) {
    if (!Dns1123.isLabel(value)) {
      throw new CliException(
          option + " " + value + " refused",
          "not a DNS label",
          "use lower-case letters, digits and dashes, at most 63");
    }
  }

  /** The name of its pod. */
  String pod() {
    return name + "-" + instance;
  }

  /** The account it speaks as. */
  ServiceAccountRef account() {
    return new ServiceAccountRef(namespace, serviceAccount);
  }
}
