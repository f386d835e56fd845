package dev.weft.destination.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.kit.webhook.AdmissionRequest;
import dev.weft.kit.webhook.AdmissionVerdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is stored and what is refused, by facts/destination.md 16. */
class ProfileAdmissionTest {
  private static final String GET = "{'method':'GET'}";

  private final ProfileAdmission admission = new ProfileAdmission();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} |",
        "{'name':'a','condition':GET,'timeout':'300ms','isRetryable':true} |",
        "{'name':'a','condition':{'all':[GET,{'not':{'pathRegex':'/a'}}]},'responseClasses':[{'condition':{'status':{'min':500}},'isFailure':true}]} |",
        "{'name':'a','condition':GET,'retries':3} | spec.routes[0] has the unknown field retries; fix: one of condition, isRetryable, name, responseClasses, timeout",
        "{'condition':GET} | spec.routes[0] has no name",
        "{'name':'a'} | spec.routes[0] has no condition",
        "{'name':'a','condition':{}} | spec.routes[0].condition has no field",
        "{'name':'a','condition':{'method':''}} | spec.routes[0].condition has no field",
        "{'name':'a','condition':{'any':[null]}} | spec.routes[0].condition.any[0] is no object",
        "{'name':'a','condition':{'not':{}}} | spec.routes[0].condition.not has no field",
        "{'name':'a','condition':GET,'timeout':'soon'} | spec.routes[0].timeout='soon' is no duration from 0; fix: such as 300ms or 1m30s",
        "{'name':'a','condition':GET,'responseClasses':[null]} | spec.routes[0].responseClasses[0] is no object",
        "{'name':'a','condition':GET,'responseClasses':[{'isFailure':true}]} | spec.routes[0].responseClasses[0] has no condition",
        "{'name':'a','condition':GET,'responseClasses':[{'condition':{'status':{'min':99}}}]} | status.min=99 is no HTTP status; fix: 100 to 599",
        "{'name':'a','condition':GET,'responseClasses':[{'condition':{'status':{'min':500,'max':400}}}]} | min=500 above max=400",
      })
  void route(String route, String refusal) {
    String routes =
        route.equals("{}")
            ? "{}"
            : "{'routes':[" + route.replace("GET,", GET + ",").replace("GET}", GET + "}") + "]}";
    expect("web.shop.svc.cluster.local", routes, refusal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'retryRatio':0.2,'minRetriesPerSecond':10,'ttl':'10s'} |",
        "{'retryRatio':-0.2,'minRetriesPerSecond':10,'ttl':'10s'} | spec.retryBudget.retryRatio=-0.2 is negative",
        "{'retryRatio':0.2,'minRetriesPerSecond':10} | spec.retryBudget has no ttl",
        "{'retryRatio':0.2,'minRetriesPerSecond':10,'ttl':'10'} | spec.retryBudget.ttl='10' is no duration",
      })
  void retryBudget(String budget, String refusal) {
    expect("web.shop.svc.cluster.local", "{'retryBudget':" + budget + "}", refusal);
  }

  @Test
  void name_thatIsNoDnsName_isRefusedAndToldWhatToWrite() {
    expect("web_shop", "{}", "fix: the Service's full name, such as web.shop.svc.cluster.local");
  }

  @Test
  void condition_thatNestsWithoutEnd_isRefused() {
    String condition = "{'not':".repeat(100) + GET + "}".repeat(100);

    expect(
        "web.shop",
        "{'routes':[{'name':'a','condition':" + condition + "}]}",
        "nests deeper than 64 times");
  }

  @Test
  void object_ofAnotherKind_isRefusedAsAFaultOfTheConfiguration() {
    assertThat(
            admission
                .review(
                    new AdmissionRequest(
                        "u", "CREATE", "", "v1", "Pod", "shop", "a", object("{}"), false))
                .message())
        .contains("mend the rules of the webhook configuration");
  }

  private void expect(String name, String spec, String refusal) {
    AdmissionVerdict verdict =
        admission.review(
            new AdmissionRequest(
                "u",
                "CREATE",
                "linkerd.io",
                "v1alpha2",
                "ServiceProfile",
                "shop",
                name,
                object("{'metadata':{},'spec':" + spec + "}"),
                false));

    if (refusal == null) {
      assertThat(verdict.message()).isEmpty();
      assertThat(verdict.allowed()).isTrue();
    } else {
      assertThat(verdict.allowed()).isFalse();
      assertThat(verdict.message()).startsWith("ServiceProfile shop/").contains(refusal);
    }
  }

  private static ObjectNode object(String text) {
    try {
      return (ObjectNode) new JsonMapper().readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
