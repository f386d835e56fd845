package dev.weft.cli.standalone;

import dev.weft.mesh.MeshKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the control plane is told of one workload: the objects a cluster would have for it. The pod
 * is there from the start; the endpoint only while the program answers.
 */
final class WorkloadManifests implements AutoCloseable {
  private final WorkloadSpec spec;
  private final List<String> ips;
  private final Path podFile;
  private final Path endpointFile;
  private final Path serviceFile;

  WorkloadManifests(WorkloadSpec spec, List<String> ips, StateDirectory state) {
    this.spec = spec;
    this.ips = ips;
    String file = spec.namespace() + "." + spec.pod();
    this.podFile = state.workloads().resolve(file + ".pod.yaml");
    this.endpointFile = state.workloads().resolve(file + ".endpoint.yaml");
    // Shared by all instances of one name, and left behind: a Service without endpoints is a true
    // answer, a name that vanishes for a moment is not.
    this.serviceFile =
        state.workloads().resolve(spec.namespace() + "." + spec.name() + ".service.yaml");
  }

  /** Tells of the pod, and of the Service if it serves anything. */
  void join() {
    StateDirectory.replace(podFile, pod());
    if (!spec.ports().isEmpty() && !Files.exists(serviceFile)) {
      StateDirectory.replace(serviceFile, service());
    }
  }

  /** Tells that the program answers. */
  void ready() {
    if (!spec.ports().isEmpty()) {
      StateDirectory.replace(endpointFile, endpoint());
    }
  }

  /** Tells that no new traffic is wanted. */
  void leave() {
    delete(endpointFile);
  }

  @Override
  public void close() {
    leave();
    delete(podFile);
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String pod() {
    return """
        apiVersion: v1
        kind: Pod
        metadata:
          name: %s
          namespace: %s
          labels:
            app: %s
            %s: linkerd
          annotations:%s
        spec:
          serviceAccountName: %s
          containers:
          - name: app
            ports:%s
          - name: %s
            env:
            - name: LINKERD2_PROXY_INBOUND_LISTEN_ADDR
              value: 0.0.0.0:%d
            ports:
            - name: %s
              containerPort: %d
            livenessProbe: {httpGet: {path: /live, port: %d}}
            readinessProbe: {httpGet: {path: /ready, port: %d}}
        status:
          phase: Running
          podIP: %s
          podIPs: [%s]
          hostIP: 127.0.0.1
          conditions:
          - type: Ready
            status: "True"
        """
        .formatted(
            spec.pod(),
            spec.namespace(),
            spec.name(),
            MeshKeys.CONTROL_PLANE_NS,
            annotations(),
            spec.serviceAccount(),
            ports("\n    - name: %1$s\n      containerPort: %3$d"),
            MeshKeys.PROXY_CONTAINER,
            MeshKeys.INBOUND_PORT,
            MeshKeys.PROXY_PORT_NAME,
            MeshKeys.INBOUND_PORT,
            MeshKeys.ADMIN_PORT,
            MeshKeys.ADMIN_PORT,
            ips.getFirst(),
            ips.stream().map("{ip: \"%s\"}"::formatted).collect(Collectors.joining(", ")));
  }

  /** An address nobody has: it only has to be the Service's own, so that proxies know it by it. */
  private String clusterIp() {
    int hash = (spec.namespace() + "/" + spec.name()).hashCode();
    return "10.214.%d.%d".formatted(hash >>> 8 & 0xff, (hash & 0xff) % 254 + 1);
  }

  private String service() {
    return """
        apiVersion: v1
        kind: Service
        metadata:
          name: %s
          namespace: %s
        spec:
          type: ClusterIP
          clusterIP: %s
          clusterIPs: [%s]
          selector:
            app: %s
          ports:%s
        """
        .formatted(
            spec.name(),
            spec.namespace(),
            clusterIp(),
            clusterIp(),
            spec.name(),
            ports("\n  - name: %1$s\n    port: %2$d\n    targetPort: %1$s\n    protocol: TCP"));
  }

  private String endpoint() {
    return """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata:
          name: %s
          namespace: %s
          labels:
            %s: %s
        addressType: IPv4
        endpoints:
        - addresses: [%s]
          conditions:
            ready: true
            serving: true
            terminating: false
          targetRef:
            kind: Pod
            name: %s
            namespace: %s
        ports:%s
        """
        .formatted(
            spec.pod(),
            spec.namespace(),
            MeshKeys.SERVICE_NAME,
            spec.name(),
            ips.getFirst(),
            spec.pod(),
            spec.namespace(),
            ports("\n- name: %1$s\n  port: %3$d\n  protocol: TCP"));
  }

  private String ports(String form) {
    return spec.ports().isEmpty()
        ? " []"
        : spec.ports().stream()
            .map(port -> form.formatted(port.name(), port.service(), port.program()))
            .collect(Collectors.joining());
  }

  private String annotations() {
    if (spec.annotations().isEmpty()) {
      return " {}";
    }
    return spec.annotations().stream()
        .map(
            annotation -> {
              int equals = annotation.indexOf('=');
              return "\n    \"%s\": \"%s\""
                  .formatted(
                      escape(annotation.substring(0, equals)),
                      escape(annotation.substring(equals + 1)));
            })
        .collect(Collectors.joining());
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
