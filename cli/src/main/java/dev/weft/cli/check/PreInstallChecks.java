package dev.weft.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.ObjectKind;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/** Whether a control plane could be installed, by whoever asks. */
final class PreInstallChecks {
  private static final ObjectKind ACCESS_REVIEW =
      ObjectKind.cluster(
          "authorization.k8s.io", "v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview");
  private static final String AUTHENTICATION_MAP = "extension-apiserver-authentication";
  private static final String CLIENT_CA = "requestheader-client-ca-file";

  /** How far a node's heartbeat may lie apart: its period, and what TLS tolerates. */
  private static final Duration SKEW = Duration.ofMinutes(5).plusSeconds(10);

  private PreInstallChecks() {}

  static Category category() {
    return Category.only(
        CheckMode.PRE,
        "pre-kubernetes-setup",
        Check.of(
            "pre-ns",
            "the namespace of the control plane does not exist yet",
            PreInstallChecks::absent),
        Check.of(
            "pre-k8s-cluster-k8s",
            "all objects of the whole cluster can be created",
            PreInstallDryRun::run),
        allowed("create", ObjectKind.SERVICE_ACCOUNT),
        allowed("create", ObjectKind.SERVICE),
        allowed("create", ObjectKind.DEPLOYMENT),
        allowed("create", ObjectKind.CRON_JOB),
        allowed("create", ObjectKind.CONFIG_MAP),
        allowed("create", ObjectKind.SECRET),
        allowed("get", ObjectKind.SECRET),
        Check.of(
            "pre-k8s",
            "ConfigMap kube-system/" + AUTHENTICATION_MAP + " holds the front proxy's authority",
            PreInstallChecks::frontProxy),
        Check.of(
                "pre-k8s-clock-skew",
                "the clocks of this machine and of the nodes agree",
                PreInstallChecks::clocks)
            .warning());
  }

  private static Result absent(CheckContext context) {
    String namespace = context.settings().controlPlane();
    return context.cluster().get(ObjectKind.NAMESPACE, "", namespace).isEmpty()
        ? Result.ok()
        : Result.failed("namespace %s exists", namespace);
  }

  private static Check allowed(String verb, ObjectKind kind) {
    return Check.of(
        "pre-k8s",
        "you may " + verb + " " + kind.plural(),
        context -> {
          KubeObject answer =
              context
                  .cluster()
                  .review(ACCESS_REVIEW, review(verb, kind, context.settings().controlPlane()));
          if (answer.at("/status/allowed").asBoolean(false)) {
            return Result.ok();
          }
          String reason = answer.text("/status/reason");
          return Result.failed("%s", "it is not allowed" + (reason.isEmpty() ? "" : ": " + reason));
        });
  }

  private static ObjectNode review(String verb, ObjectKind kind, String namespace) {
    ObjectNode review = JsonNodeFactory.instance.objectNode();
    review.put("apiVersion", ACCESS_REVIEW.apiVersion()).put("kind", ACCESS_REVIEW.kind());
    review
        .putObject("spec")
        .putObject("resourceAttributes")
        .put("namespace", namespace)
        .put("verb", verb)
        .put("group", kind.group())
        .put("version", kind.version())
        .put("resource", kind.plural());
    return review;
  }

  private static Result frontProxy(CheckContext context) {
    return context
        .cluster()
        .get(ObjectKind.CONFIG_MAP, "kube-system", AUTHENTICATION_MAP)
        .filter(map -> !map.text("/data/" + CLIENT_CA).isEmpty())
        .map(_ -> Result.ok())
        .orElseGet(() -> Result.failed("it is missing, or its key %s is empty", CLIENT_CA));
  }

  private static Result clocks(CheckContext context) {
    Instant now = context.now();
    List<String> problems = new ArrayList<>();
    for (KubeObject node : context.cluster().list(ObjectKind.NODE, "", "")) {
      for (JsonNode condition : node.list("/status/conditions")) {
        if (condition.path("type").asText("").equals("Ready")
            && condition.path("status").asText("").equals("True")) {
          String heartbeat = condition.path("lastHeartbeatTime").asText("");
          if (apart(heartbeat, now)) {
            problems.add(
                "%s: last heartbeat %s, here it is %s".formatted(node.name(), heartbeat, now));
          }
        }
      }
    }
    return Result.ofProblems("clocks differ by more than " + SKEW.toSeconds() + " s", problems);
  }

  private static boolean apart(String heartbeat, Instant now) {
    try {
      return Duration.between(Instant.parse(heartbeat), now).abs().compareTo(SKEW) > 0;
    } catch (DateTimeParseException _) {
      return true;
    }
  }
}
