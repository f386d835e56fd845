package dev.weft.cli.kube;

/**
 * A kind of Kubernetes objects, as the API server addresses it.
 *
 * @param group API group, empty for the core
 * @param version served version
 * @param plural the name in paths, like {@code deployments}
 * @param kind the name in manifests, like {@code Deployment}
 * @param namespaced whether objects lie in namespaces
 */
public record ObjectKind(
    String group, String version, String plural, String kind, boolean namespaced) {
  public static final ObjectKind NAMESPACE = cluster("", "v1", "namespaces", "Namespace");
  public static final ObjectKind NODE = cluster("", "v1", "nodes", "Node");
  public static final ObjectKind POD = in("", "v1", "pods", "Pod");
  public static final ObjectKind SERVICE = in("", "v1", "services", "Service");
  public static final ObjectKind SECRET = in("", "v1", "secrets", "Secret");
  public static final ObjectKind CONFIG_MAP = in("", "v1", "configmaps", "ConfigMap");
  public static final ObjectKind SERVICE_ACCOUNT =
      in("", "v1", "serviceaccounts", "ServiceAccount");
  public static final ObjectKind REPLICATION_CONTROLLER =
      in("", "v1", "replicationcontrollers", "ReplicationController");
  public static final ObjectKind DEPLOYMENT = in("apps", "v1", "deployments", "Deployment");
  public static final ObjectKind REPLICA_SET = in("apps", "v1", "replicasets", "ReplicaSet");
  public static final ObjectKind STATEFUL_SET = in("apps", "v1", "statefulsets", "StatefulSet");
  public static final ObjectKind DAEMON_SET = in("apps", "v1", "daemonsets", "DaemonSet");
  public static final ObjectKind JOB = in("batch", "v1", "jobs", "Job");
  public static final ObjectKind CRON_JOB = in("batch", "v1", "cronjobs", "CronJob");
  public static final ObjectKind POD_DISRUPTION_BUDGET =
      in("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget");
  public static final ObjectKind NETWORK_POLICY =
      in("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy");
  public static final ObjectKind ROLE = in("rbac.authorization.k8s.io", "v1", "roles", "Role");
  public static final ObjectKind ROLE_BINDING =
      in("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding");
  public static final ObjectKind CLUSTER_ROLE =
      cluster("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole");
  public static final ObjectKind CLUSTER_ROLE_BINDING =
      cluster("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding");
  public static final ObjectKind CUSTOM_RESOURCE_DEFINITION =
      cluster(
          "apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition");
  public static final ObjectKind API_SERVICE =
      cluster("apiregistration.k8s.io", "v1", "apiservices", "APIService");
  public static final ObjectKind MUTATING_WEBHOOK =
      cluster(
          "admissionregistration.k8s.io",
          "v1",
          "mutatingwebhookconfigurations",
          "MutatingWebhookConfiguration");
  public static final ObjectKind VALIDATING_WEBHOOK =
      cluster(
          "admissionregistration.k8s.io",
          "v1",
          "validatingwebhookconfigurations",
          "ValidatingWebhookConfiguration");

  /** A kind whose objects lie in namespaces. */
  public static ObjectKind in(String group, String version, String plural, String kind) {
    return new ObjectKind(group, version, plural, kind, true);
  }

  /** A kind whose objects belong to the whole cluster. */
  public static ObjectKind cluster(String group, String version, String plural, String kind) {
    return new ObjectKind(group, version, plural, kind, false);
  }

  /** {@code v1}, {@code apps/v1}. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }
}
