package dev.weft.resources.decode;

import dev.weft.mesh.resource.Job;
import dev.weft.mesh.resource.Namespace;
import dev.weft.mesh.resource.Node;
import dev.weft.mesh.resource.ObjectMeta;
import dev.weft.mesh.resource.ReplicaSet;
import dev.weft.mesh.resource.Resource;
import dev.weft.mesh.resource.ResourceKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Turns documents into records of the {@code mesh} vocabulary, with the defaults of their schemas
 * filled in. Unknown fields are passed over; a field which Weft reads and cannot understand is a
 * {@link DecodeException} that names path, value and what was expected.
 *
 * <p>Stateless; safe for use by many threads. Source: the schemas of {@code policy.linkerd.io},
 * {@code linkerd.io}, {@code workload.linkerd.io}, the Gateway API and Kubernetes.
 */
public final class ResourceDecoder {
  /** Groups of which every kind is known: another kind there is a mistake worth telling. */
  private static final Set<String> CLOSED_GROUPS = Set.of("policy.linkerd.io");

  private ResourceDecoder() {}

  /**
   * Reads one document of a manifest. {@code kind: List} yields what its items yield.
   *
   * <p>A manifest has no resource version that could be trusted, so each object's version is a
   * digest of its content.
   *
   * @throws DecodeException if the document, or any object in it, is no object of its kind
   */
  public static List<Decoded> manifest(Tree document) {
    List<Decoded> decoded = new ArrayList<>();
    manifest(document, decoded);
    return decoded;
  }

  private static void manifest(Tree document, List<Decoded> into) {
    if (!(document instanceof Tree.Mapping object)) {
      throw new DecodeException(
          document.line(), "found " + document.shown() + ", expected a Kubernetes object");
    }
    Fields fields = Fields.ofDocument(object);
    String apiVersion = fields.text("apiVersion");
    String kindName = fields.text("kind");
    if (apiVersion.equals("v1") && kindName.equals("List")) {
      if (object.fields().get("items") instanceof Tree.Sequence items) {
        items.items().forEach(item -> manifest(item, into));
      } else if (fields.has("items")) {
        throw fields.invalid("items", "a list");
      }
      return;
    }
    int slash = apiVersion.indexOf('/');
    String group = slash < 0 ? "" : apiVersion.substring(0, slash);
    String version = apiVersion.substring(slash + 1);
    Optional<ResourceKind> kind = ResourceKind.of(group, kindName);
    if (kind.isPresent()) {
      Resource resource = decode(kind.get(), version, ContentVersion.of(object), fields);
      into.add(new Decoded.Known(resource, object.line()));
    } else if (CLOSED_GROUPS.contains(group)) {
      throw fields.invalid("kind", "a kind of group " + group);
    } else {
      into.add(new Decoded.Foreign(apiVersion, kindName));
    }
  }

  /**
   * Reads one object of a known kind and version, as a cluster sends it: there, items of a list do
   * not repeat their kind, and {@code metadata.resourceVersion} is kept.
   *
   * @throws DecodeException if it is no object of that kind
   */
  public static Resource object(ResourceKind kind, String version, Tree.Mapping object) {
    Fields fields = Fields.ofDocument(object);
    String resourceVersion = fields.object("metadata").textOr("resourceVersion", "");
    return decode(kind, version, resourceVersion, fields);
  }

  private static Resource decode(
      ResourceKind kind, String version, String resourceVersion, Fields object) {
    if (!kind.versions().contains(version)) {
      throw object.invalid(
          "apiVersion",
          "one of " + String.join(", ", kind.versions().stream().map(kind::apiVersion).toList()));
    }
    ObjectMeta meta = MetaDecoder.meta(kind, object, resourceVersion);
    RouteDecoder routes = new RouteDecoder(kind, version);
    return switch (kind) {
      case POD -> PodDecoder.decode(meta, object);
      case SERVICE -> ServiceDecoder.service(meta, object);
      case ENDPOINT_SLICE -> ServiceDecoder.endpointSlice(meta, object);
      case NODE -> new Node(meta);
      case NAMESPACE -> new Namespace(meta);
      case REPLICA_SET -> new ReplicaSet(meta);
      case JOB -> new Job(meta);
      case SERVICE_PROFILE -> ServiceProfileDecoder.decode(meta, object);
      case SERVER -> PolicyDecoder.server(meta, object);
      case SERVER_AUTHORIZATION -> PolicyDecoder.serverAuthorization(meta, object);
      case AUTHORIZATION_POLICY -> PolicyDecoder.authorizationPolicy(meta, object);
      case MESH_TLS_AUTHENTICATION -> PolicyDecoder.meshTlsAuthentication(meta, object);
      case NETWORK_AUTHENTICATION -> PolicyDecoder.networkAuthentication(meta, object);
      case POLICY_HTTP_ROUTE, HTTP_ROUTE -> routes.http(meta, object);
      case GRPC_ROUTE -> routes.grpc(meta, object);
      case TLS_ROUTE -> routes.tls(meta, object);
      case TCP_ROUTE -> routes.tcp(meta, object);
      case HTTP_LOCAL_RATE_LIMIT_POLICY -> PolicyDecoder.rateLimit(meta, object);
      case EGRESS_NETWORK -> PolicyDecoder.egressNetwork(meta, object);
      case EXTERNAL_WORKLOAD -> ServiceDecoder.externalWorkload(meta, object);
    };
  }
}
