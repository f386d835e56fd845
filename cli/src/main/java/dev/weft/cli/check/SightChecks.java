package dev.weft.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.kube.ClusterException;
import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.PodMetrics;
import dev.weft.cli.kube.Pods;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether the services see what they answer from. A service that lost the API server goes on with
 * what it saw last and stays ready, so that only its metrics tell.
 */
final class SightChecks {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String ADMIN = "-admin";

  private static final Pattern BLIND =
      Pattern.compile(
          "(?m)^weft_resources_(denied|lost)\\{[^}]*kind=\"([^\"]+)\"[^}]*} 1(?:\\.0)?$");
  private static final Pattern UNANSWERED =
      Pattern.compile("(?m)^weft_identity_attestor_answering(?:\\{[^}]*})? 0(?:\\.0)?$");

  private SightChecks() {}

  static Check check() {
    return Check.of(
            "weft-control-plane-sight",
            "the control plane sees the objects of the API server",
            SightChecks::look)
        .warning();
  }

  private static Result look(CheckContext context) {
    List<String> problems = new ArrayList<>();
    for (KubeObject pod : context.controlPlanePods()) {
      if (Pods.running(pod)) {
        look(context, pod, problems);
      }
    }
    return Result.ofProblems("not seen", problems);
  }

  private static void look(CheckContext context, KubeObject pod, List<String> problems) {
    for (JsonNode container : Pods.containers(pod)) {
      for (JsonNode port : KubeObject.items(container.path("ports"))) {
        if (port.path("name").asText("").endsWith(ADMIN)
            && !container.path("name").asText("").equals("linkerd-proxy")) {
          try {
            String page =
                PodMetrics.fetch(
                    context.cluster(), pod, port.path("containerPort").asInt(), PATIENCE);
            judge(pod, page, problems);
          } catch (ClusterException | IOException e) {
            problems.add(pod.name() + ": its metrics cannot be read; cause: " + e.getMessage());
          }
        }
      }
    }
  }

  private static void judge(KubeObject pod, String page, List<String> problems) {
    Matcher blind = BLIND.matcher(page);
    while (blind.find()) {
      problems.add(
          blind.group(1).equals("denied")
              ? "%s: it may not list and watch %s".formatted(pod.name(), blind.group(2))
              : "%s: changes of %s do not reach it".formatted(pod.name(), blind.group(2)));
    }
    if (UNANSWERED.matcher(page).find()) {
      problems.add(pod.name() + ": its token reviews fail");
    }
  }
}
