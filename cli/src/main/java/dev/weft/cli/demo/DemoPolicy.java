package dev.weft.cli.demo;

import dev.weft.mesh.IdentityNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The manifest the demo edits: one account may use the api. */
final class DemoPolicy {
  /** The name a denial on the HTTP port must give. */
  static final String SERVER = "api-http";

  private final Path file;

  DemoPolicy(Path directory) {
    this.file = directory.resolve("policy.yaml");
  }

  Path file() {
    return file;
  }

  /** Lets exactly this service account of the default namespace in. */
  void allowOnly(String serviceAccount) {
    String text =
        """
        apiVersion: policy.linkerd.io/v1beta3
        kind: Server
        metadata: {name: %1$s, namespace: default}
        spec:
          podSelector: {matchLabels: {app: api}}
          port: p8080
        ---
        apiVersion: policy.linkerd.io/v1beta3
        kind: Server
        metadata: {name: api-grpc, namespace: default}
        spec:
          podSelector: {matchLabels: {app: api}}
          port: p9090
        ---
        apiVersion: policy.linkerd.io/v1alpha1
        kind: AuthorizationPolicy
        metadata: {name: callers-of-api-http, namespace: default}
        spec:
          targetRef: {group: policy.linkerd.io, kind: Server, name: %1$s}
          requiredAuthenticationRefs:
          - {group: policy.linkerd.io, kind: MeshTLSAuthentication, name: callers-of-api}
        ---
        apiVersion: policy.linkerd.io/v1alpha1
        kind: AuthorizationPolicy
        metadata: {name: callers-of-api-grpc, namespace: default}
        spec:
          targetRef: {group: policy.linkerd.io, kind: Server, name: api-grpc}
          requiredAuthenticationRefs:
          - {group: policy.linkerd.io, kind: MeshTLSAuthentication, name: callers-of-api}
        ---
        apiVersion: policy.linkerd.io/v1alpha1
        kind: MeshTLSAuthentication
        metadata: {name: callers-of-api, namespace: default}
        spec:
          identities: ["%2$s"]
        """
            .formatted(SERVER, IdentityNames.defaults().of("default", serviceAccount));
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
