package dev.weft.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class CheckReportTest {
  private static final Check ANSWERS =
      Check.of("k8s-api", "the API server answers", _ -> Result.ok());
  private static final Check CLOCKS =
      Check.of("pre-k8s-clock-skew", "clocks agree", _ -> Result.ok()).warning();
  private static final Check NAMESPACE =
      Check.of("pre-ns", "the namespace is free", _ -> Result.ok());

  private final StringWriter text = new StringWriter();
  private final PrintWriter out = new PrintWriter(text);

  private String report(CheckReport report) {
    Category api = Category.always("kubernetes-api", ANSWERS);
    Category setup = Category.always("pre-kubernetes-setup", CLOCKS, NAMESPACE);
    Category cni = Category.always("linkerd-cni-plugin", ANSWERS);
    report.found(api, ANSWERS, Result.ok("v1.35.4"));
    report.found(cni, ANSWERS, Result.skip());
    report.waiting(NAMESPACE, "still there");
    report.found(setup, CLOCKS, Result.failed("node-1 is an hour late"));
    report.found(setup, NAMESPACE, Result.failed("it exists\nand is full"));
    report.end(false);
    return text.toString();
  }

  @Test
  void table_listsAllButSkippedOnes() {
    assertThat(report(new TableReport(out, false, false)))
        .isEqualTo(
            """
            kubernetes-api
            --------------
            √ the API server answers
                v1.35.4

            pre-kubernetes-setup
            --------------------
            ‼ clocks agree
                node-1 is an hour late
                hint: synchronise the clocks of nodes and of this machine (NTP); certificates need it (docs/checks.md#pre-k8s-clock-skew)
            × the namespace is free
                it exists
                and is full
                hint: remove it with `weft uninstall | kubectl delete -f -`, use `weft upgrade`, or choose another with -L (docs/checks.md#pre-ns)

            Status: ×
            """);
  }

  @Test
  void short_listsWhatIsNotWell() {
    assertThat(report(new TableReport(out, false, true)))
        .startsWith("pre-kubernetes-setup\n")
        .contains("‼ clocks agree", "× the namespace is free")
        .doesNotContain("kubernetes-api\n");
  }

  @Test
  void short_allWell_isTheStatusAlone() {
    TableReport report = new TableReport(out, false, true);
    report.found(Category.always("kubernetes-api", ANSWERS), ANSWERS, Result.ok());
    report.end(true);

    assertThat(text).hasToString("Status: √\n");
  }

  @Test
  void terminal_hasColours() {
    assertThat(report(new TableReport(out, true, false)))
        .contains("\u001b[32;1m√\u001b[0m", "\u001b[31;1m×\u001b[0m");
  }

  @Test
  void json_isOneDocument() {
    assertThat(report(new JsonReport(out)))
        .isEqualTo(
            """
            {
              "success": false,
              "categories": [
                {
                  "categoryName": "kubernetes-api",
                  "checks": [
                    {
                      "description": "the API server answers",
                      "result": "success"
                    }
                  ]
                },
                {
                  "categoryName": "pre-kubernetes-setup",
                  "checks": [
                    {
                      "description": "clocks agree",
                      "hint": "synchronise the clocks of nodes and of this machine (NTP); certificates need it (docs/checks.md#pre-k8s-clock-skew)",
                      "error": "node-1 is an hour late",
                      "result": "warning"
                    },
                    {
                      "description": "the namespace is free",
                      "hint": "remove it with `weft uninstall | kubectl delete -f -`, use `weft upgrade`, or choose another with -L (docs/checks.md#pre-ns)",
                      "error": "it exists\\nand is full",
                      "result": "error"
                    }
                  ]
                }
              ]
            }
            """);
  }
}
