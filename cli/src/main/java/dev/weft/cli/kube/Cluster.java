package dev.weft.cli.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * A Kubernetes cluster as commands use it: blocking calls, each bounded in time. Nothing is ever
 * written but what {@link #review} and {@link #dryRun} need, which leaves no trace.
 *
 * <p>Every method throws {@link ClusterException} if the server refuses or cannot be reached. Safe
 * for use by many threads.
 */
public interface Cluster extends AutoCloseable {
  /** All namespaces, where one is asked for. */
  String ALL_NAMESPACES = "";

  /** The namespace of the current context, {@code default} where it names none. */
  String defaultNamespace();

  /** What the server says of itself at {@code /version}. */
  JsonNode version();

  /**
   * One object.
   *
   * @param namespace ignored for kinds of the whole cluster
   * @return empty if there is none, or if the cluster does not know the kind
   */
  Optional<KubeObject> get(ObjectKind kind, String namespace, String name);

  /**
   * All objects of a kind which match.
   *
   * @param namespace a name or {@link #ALL_NAMESPACES}
   * @param labelSelector as Kubernetes writes it, empty for all
   * @return none also if the cluster does not know the kind
   */
  List<KubeObject> list(ObjectKind kind, String namespace, String labelSelector);

  /**
   * Creates an object which only the server sees, like a SelfSubjectAccessReview.
   *
   * @return the object as answered
   */
  KubeObject review(ObjectKind kind, JsonNode object);

  /** Asks whether an object could be created, by a server-side dry run. */
  void dryRun(ObjectKind kind, JsonNode object);

  /** Opens a way from this machine to a port of a pod, which the caller closes. */
  PodPort forward(String namespace, String pod, int port);

  @Override
  void close();
}
