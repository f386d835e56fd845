package dev.weft.policyservice.index;

import dev.weft.api.inbound.Server;
import dev.weft.kit.watch.Published;
import dev.weft.mesh.resource.AuthorizationPolicy;
import dev.weft.mesh.resource.ObjectRef;
import dev.weft.mesh.resource.ResourceKey;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.policy.inbound.compile.InboundSettings;
import dev.weft.policy.inbound.compile.Workload;
import dev.weft.policy.objects.ObjectStore;
import dev.weft.policy.objects.Problem;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The inbound policies of all workloads. Confined to the owner's loop.
 *
 * <p>A change marks what it can reach: a workload itself, the namespace of a policy object, and for
 * an authentication every namespace that refers to it. {@link #flush} then computes each watched
 * port anew where something was marked; equal results are not published.
 */
final class InboundViews {
  private final InboundSettings settings;
  private final ObjectStore objects;
  private final Duration grace;
  private final Consumer<Problem> report;
  private final Map<String, NamespaceView> namespaces = new HashMap<>();

  /**
   * Starts without workloads.
   *
   * @param report told once of each object that turns out not to count
   */
  InboundViews(
      InboundSettings settings, ObjectStore objects, Duration grace, Consumer<Problem> report) {
    this.settings = settings;
    this.objects = objects;
    this.grace = grace;
    this.report = report;
  }

  /** A workload came, changed or, where empty, went. */
  void workload(WorkloadRef ref, Optional<Workload> workload) {
    if (workload.isPresent()) {
      view(ref.namespace()).put(ref, workload.get());
    } else {
      NamespaceView view = namespaces.get(ref.namespace());
      if (view != null) {
        view.remove(ref);
      }
    }
  }

  /** A policy object came, changed or went; the objects already say so. */
  void changed(ResourceKey key) {
    switch (key.kind()) {
      case SERVER,
          SERVER_AUTHORIZATION,
          AUTHORIZATION_POLICY,
          POLICY_HTTP_ROUTE,
          HTTP_ROUTE,
          GRPC_ROUTE,
          HTTP_LOCAL_RATE_LIMIT_POLICY -> {
        NamespaceView view = namespaces.get(key.namespace());
        if (view != null) {
          view.objectsChanged();
        }
      }
      case MESH_TLS_AUTHENTICATION, NETWORK_AUTHENTICATION ->
          namespaces.forEach(
              (namespace, view) -> {
                if (refersTo(namespace, key)) {
                  view.objectsChanged();
                }
              });
      case POD,
          SERVICE,
          ENDPOINT_SLICE,
          NODE,
          NAMESPACE,
          REPLICA_SET,
          JOB,
          SERVICE_PROFILE,
          TLS_ROUTE,
          TCP_ROUTE,
          EGRESS_NETWORK,
          EXTERNAL_WORKLOAD -> {
        // No part of inbound policy; workloads have their own way in.
      }
    }
  }

  private boolean refersTo(String namespace, ResourceKey authentication) {
    for (AuthorizationPolicy policy :
        objects.list(ResourceKind.AUTHORIZATION_POLICY, namespace, AuthorizationPolicy.class)) {
      for (ObjectRef required : policy.requiredAuthenticationRefs()) {
        if (required.is(authentication.kind())
            && required.name().equals(authentication.name())
            && required.namespaceOr(namespace).equals(authentication.namespace())) {
          return true;
        }
      }
    }
    return false;
  }

  /** The policy of a port; empty if the workload is not known. */
  Optional<Published<Answer<InboundPolicy, Server>>> watch(WorkloadRef ref, int port) {
    NamespaceView view = namespaces.get(ref.namespace());
    return view == null ? Optional.empty() : view.watch(ref, port);
  }

  /** Publishes what changed since the last time. */
  void flush() {
    namespaces.values().forEach(NamespaceView::flush);
  }

  /** Forgets what nobody watched for the grace. */
  void sweep(long nowNanos) {
    namespaces.values().forEach(view -> view.sweep(nowNanos));
    namespaces.values().removeIf(NamespaceView::isEmpty);
  }

  private NamespaceView view(String namespace) {
    return namespaces.computeIfAbsent(
        namespace, name -> new NamespaceView(name, settings, objects, grace, report));
  }
}
