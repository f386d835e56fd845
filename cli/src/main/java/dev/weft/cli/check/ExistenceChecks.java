package dev.weft.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.kube.Cluster;
import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.MeshConfig;
import dev.weft.cli.kube.ObjectKind;
import dev.weft.cli.kube.Pods;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Whether a control plane is there and runs. */
final class ExistenceChecks {
  /** The control plane's deployments, by the label of their pods. */
  static final List<String> COMPONENTS =
      List.of("destination", "identity", "policy", "proxy-injector");

  private ExistenceChecks() {}

  static Category category() {
    return Category.installed(
        "linkerd-existence",
        Check.of(
                "l5d-existence-linkerd-config",
                "ConfigMap " + MeshConfig.NAME + " exists and can be read",
                ExistenceChecks::configured)
            .fatal(),
        Check.of(
                "l5d-existence-replicasets",
                "all replica sets of the control plane can create their pods",
                ExistenceChecks::replicaSets)
            .fatal()
            .retried(),
        Check.of(
                "l5d-existence-unschedulable-pods",
                "all pods of the control plane have a node",
                ExistenceChecks::scheduled)
            .warning()
            .retried()
            .surfaced(),
        Check.of(
                "l5d-api-control-ready",
                "the pods of the control plane are ready",
                ExistenceChecks::ready)
            .fatal()
            .retried()
            .surfaced(),
        SightChecks.check(),
        Check.of(
            "l5d-cluster-networks-cidr",
            "the cluster networks contain the pod networks of all nodes",
            ExistenceChecks::nodeNetworks),
        Check.of(
            "l5d-cluster-networks-pods",
            "the cluster networks contain the addresses of all pods",
            ExistenceChecks::podAddresses),
        Check.of(
            "l5d-cluster-networks-pods",
            "the cluster networks contain the addresses of all Services",
            ExistenceChecks::serviceAddresses));
  }

  private static Result configured(CheckContext context) {
    return context.config().isPresent()
        ? Result.ok()
        : Result.failed("there is none in namespace %s", context.settings().controlPlane());
  }

  private static Result replicaSets(CheckContext context) {
    List<String> problems = new ArrayList<>();
    for (KubeObject set :
        context.cluster().list(ObjectKind.REPLICA_SET, context.settings().controlPlane(), "")) {
      for (JsonNode condition : set.list("/status/conditions")) {
        if (is(condition, "ReplicaFailure", "True")) {
          problems.add(set.name() + ": " + condition.path("message").asText(""));
        }
      }
    }
    return Result.ofProblems("pods cannot be created", problems);
  }

  private static Result scheduled(CheckContext context) {
    List<String> problems = new ArrayList<>();
    for (KubeObject pod : context.controlPlanePods()) {
      for (JsonNode condition : pod.list("/status/conditions")) {
        if (condition.path("reason").asText("").equals("Unschedulable")) {
          problems.add(pod.name() + ": " + condition.path("message").asText(""));
        }
      }
    }
    return Result.ofProblems("pods have no node", problems);
  }

  private static Result ready(CheckContext context) {
    List<String> problems = new ArrayList<>();
    for (String component : COMPONENTS) {
      List<KubeObject> pods = context.podsOf(component);
      if (pods.stream().noneMatch(Pods::ready)) {
        problems.add(
            pods.isEmpty()
                ? component + ": no pod"
                : component + ": no pod is ready; " + PodTrouble.of(pods.getFirst()));
      }
    }
    return Result.ofProblems("not ready", problems);
  }

  private static Result nodeNetworks(CheckContext context) {
    List<KubeObject> nodes = context.cluster().list(ObjectKind.NODE, "", "");
    if (nodes.stream().allMatch(node -> node.text("/spec/podCIDR").isEmpty())) {
      return Result.skip();
    }
    return outside(
        context,
        nodes,
        node -> {
          List<String> cidrs =
              node.list("/spec/podCIDRs").stream().map(cidr -> cidr.asText("")).toList();
          return cidrs.isEmpty() ? List.of(node.text("/spec/podCIDR")) : cidrs;
        });
  }

  private static Result podAddresses(CheckContext context) {
    List<KubeObject> pods =
        context.cluster().list(ObjectKind.POD, Cluster.ALL_NAMESPACES, "").stream()
            .filter(pod -> !pod.at("/spec/hostNetwork").asBoolean(false))
            .toList();
    return outside(context, pods, pod -> List.of(pod.text("/status/podIP")));
  }

  private static Result serviceAddresses(CheckContext context) {
    return outside(
        context,
        context.cluster().list(ObjectKind.SERVICE, Cluster.ALL_NAMESPACES, ""),
        service -> List.of(service.text("/spec/clusterIP").replace("None", "")));
  }

  private static Result outside(
      CheckContext context,
      List<KubeObject> objects,
      Function<KubeObject, List<String>> addresses) {
    List<String> configured = context.config().map(MeshConfig::clusterNetworks).orElse(List.of());
    Networks networks;
    try {
      networks = Networks.parse(configured);
    } catch (IllegalArgumentException e) {
      return Result.failed("%s", "value clusterNetworks cannot be read: " + e.getMessage());
    }
    List<String> problems = new ArrayList<>();
    for (KubeObject object : objects) {
      for (String address : addresses.apply(object)) {
        if (!address.isEmpty() && !networks.contain(address)) {
          problems.add(object.qualifiedName() + ": " + address);
        }
      }
    }
    return Result.ofProblems(
        "outside of clusterNetworks " + String.join(",", configured), problems);
  }

  static boolean is(JsonNode condition, String type, String status) {
    return condition.path("type").asText("").equals(type)
        && condition.path("status").asText("").equals(status);
  }
}
