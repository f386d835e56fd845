package dev.weft.injection;

import java.util.Locale;
import java.util.Optional;

/** The kinds of workloads which own pods. */
public enum OwnerKind {
  /** A deployment. */
  DEPLOYMENT("Deployment", "apps/v1"),
  /** A replication controller. */
  REPLICATION_CONTROLLER("ReplicationController", "v1"),
  /** A replica set. */
  REPLICA_SET("ReplicaSet", "apps/v1"),
  /** A job. */
  JOB("Job", "batch/v1"),
  /** A cron job. */
  CRON_JOB("CronJob", "batch/v1"),
  /** A daemon set. */
  DAEMON_SET("DaemonSet", "apps/v1"),
  /** A stateful set. */
  STATEFUL_SET("StatefulSet", "apps/v1");

  private final String kind;
  private final String apiVersion;

  OwnerKind(String kind, String apiVersion) {
    this.kind = kind;
    this.apiVersion = apiVersion;
  }

  /** The kind as manifests spell it. */
  public String kind() {
    return kind;
  }

  /** Group and version. */
  public String apiVersion() {
    return apiVersion;
  }

  /** The kind in lower case, as in labels and metrics: {@code statefulset}. */
  public String lowerCase() {
    return kind.toLowerCase(Locale.ROOT);
  }

  /**
   * The label that names an owner of this kind on its pods: {@code linkerd.io/proxy-deployment}.
   */
  public String label() {
    return "linkerd.io/proxy-" + lowerCase();
  }

  /** The kind of this name, as manifests spell it. */
  public static Optional<OwnerKind> of(String kind) {
    for (OwnerKind candidate : values()) {
      if (candidate.kind.equals(kind)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }
}
