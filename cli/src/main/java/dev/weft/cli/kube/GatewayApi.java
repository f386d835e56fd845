package dev.weft.cli.kube;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The Gateway API in a cluster: whose it is, and whether it serves version {@code v1}.
 *
 * @param owner who installed it
 * @param servesV1 whether one of its routes has version {@code v1}
 */
public record GatewayApi(Owner owner, boolean servesV1) {
  private static final String CREATED_BY = "linkerd.io/created-by";
  private static final List<String> ROUTES =
      List.of("httproutes.gateway.networking.k8s.io", "grpcroutes.gateway.networking.k8s.io");

  /** Who installed it. */
  public enum Owner {
    /** It is not there. */
    NOBODY,
    /** It came with the mesh. */
    MESH,
    /** Somebody else did. */
    OTHERS
  }

  /** Looks at the cluster. */
  public static GatewayApi in(Cluster cluster) {
    List<KubeObject> found =
        ROUTES.stream()
            .map(name -> cluster.get(ObjectKind.CUSTOM_RESOURCE_DEFINITION, "", name))
            .flatMap(Optional::stream)
            .toList();
    if (found.isEmpty()) {
      return new GatewayApi(Owner.NOBODY, false);
    }
    boolean ours = found.stream().anyMatch(crd -> crd.annotations().containsKey(CREATED_BY));
    boolean v1 = found.stream().flatMap(GatewayApi::versions).anyMatch("v1"::equals);
    return new GatewayApi(ours ? Owner.MESH : Owner.OTHERS, v1);
  }

  private static Stream<String> versions(KubeObject definition) {
    return definition.list("/spec/versions").stream()
        .filter(version -> version.path("served").asBoolean(true))
        .map(version -> version.path("name").asText(""));
  }
}
