package dev.weft.policyservice.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.kit.webhook.AdmissionRequest;
import dev.weft.kit.webhook.AdmissionVerdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is stored and what is refused, by the cases of facts/policy.md 5 and 6. */
class PolicyAdmissionTest {
  private static final String OWN = "policy.linkerd.io";
  private static final String GATEWAY = "gateway.networking.k8s.io";
  private static final String EGRESS =
      "{'group':'policy.linkerd.io','kind':'EgressNetwork','name':'all'%s}";

  private final PolicyAdmission admission = new PolicyAdmission();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'podSelector':{},'port':80} |",
        "{'podSelector':{},'port':'http','proxyProtocol':'HTTP/2','accessPolicy':'audit'} |",
        "{'externalWorkloadSelector':{},'port':80} |",
        "{'podSelector':{},'port':80,'accessPolicy':'allow'} | spec.accessPolicy",
        "{'podSelector':{},'port':80,'proxyProtocol':'HTTP/3'} | proxyProtocol",
        "{'podSelector':{},'port':0} | port",
        "{'podSelector':{},'port':70000} | port",
        "{'port':80} | podSelector"
      })
  void server(String spec, String refusal) {
    expect(OWN, "Server", spec, refusal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'server':{'name':'a'},'client':{'unauthenticated':true}} |",
        "{'server':{'name':'a'},'client':{'unauthenticated':true,'meshTLS':{'identities':['*']}}} | both unauthenticated and meshTLS",
        "{'server':{'name':'a'},'client':{'meshTLS':{'unauthenticatedTLS':true,'identities':['*']}}} | unauthenticatedTLS",
        "{'server':{'name':'a'},'client':{'unauthenticated':true,'networks':[{'cidr':'10.0.0.0/8','except':['10.0.0.0/8']}]}} | leaves nothing",
        "{'server':{'name':'a'},'client':{'unauthenticated':true,'networks':[{'cidr':'10.0.0.0/8','except':['11.0.0.0/16']}]}} | not inside",
        "{'server':{'name':'a'},'client':{'unauthenticated':true,'networks':[{'cidr':'ten'}]}} | ten"
      })
  void serverAuthorization(String spec, String refusal) {
    expect(OWN, "ServerAuthorization", spec, refusal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Server | [MESH,NET] |",
        "Server | [MESH] |",
        "Server | [NET] |",
        "Server | [] |",
        "HTTPRoute | [ACCOUNT,NET] |",
        "httproute | [MESH] |",
        "Namespace:shop | [MESH] |",
        "Namespace:other | [MESH] | own namespace",
        "Deployment | [MESH] | Deployment",
        "Server | [MESH,MESH] | more than one mesh identity",
        "Server | [ACCOUNT,ACCOUNT] | more than one mesh identity",
        "Server | [MESH,ACCOUNT] | more than one mesh identity",
        "Server | [NET,NET] | more than one NetworkAuthentication",
        "Server | [SECRET] | Secret",
        "Server | null | requiredAuthenticationRefs"
      })
  void authorizationPolicy(String target, String refs, String refusal) {
    String[] parts = target.split(":");
    String group = parts[0].equals("Namespace") ? "" : OWN;
    String name = parts.length > 1 ? parts[1] : "a";
    String spec =
        "{'targetRef':{'group':'%s','kind':'%s','name':'%s'},'requiredAuthenticationRefs':%s}"
            .formatted(
                group,
                parts[0],
                name,
                refs.replace("MESH", ref(OWN, "MeshTLSAuthentication"))
                    .replace("NET", ref(OWN, "NetworkAuthentication"))
                    .replace("ACCOUNT", ref("", "ServiceAccount"))
                    .replace("SECRET", ref("", "Secret")));
    expect(OWN, "AuthorizationPolicy", spec, refusal);
  }

  private static String ref(String group, String kind) {
    return "{'group':'%s','kind':'%s','name':'x'}".formatted(group, kind);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'identities':['*','*.shop.serviceaccount.identity.linkerd.cluster.local','a.b']} |",
        "{'identities':['spiffe://example.org/a/b-c']} |",
        "{'identities':['Upper.case']} | Upper.case",
        "{'identities':['a.*.b']} | a.*.b",
        "{'identities':['spiffe://example.org/a/../b']} | spiffe",
        "{'identities':['spiffe://example.org/a/']} | spiffe",
        "{'identities':['spiffe:///a']} | spiffe",
        "{'identityRefs':[{'kind':'ServiceAccount','name':'a'}]} |",
        "{'identityRefs':[{'kind':'Namespace','name':'a'}]} |",
        "{'identityRefs':[{'kind':'Namespace','name':'a','namespace':'b'}]} | leave out its namespace",
        "{'identityRefs':[{'kind':'Pod','name':'a'}]} | kind",
        "{'identityRefs':[{'kind':'ServiceAccount'}]} | name"
      })
  void meshTlsAuthentication(String spec, String refusal) {
    expect(OWN, "MeshTLSAuthentication", spec, refusal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NetworkAuthentication | {'networks':[{'cidr':'10.0.0.0/8','except':['10.1.0.0/16']}]} |",
        "NetworkAuthentication | {'networks':[]} | networks",
        "NetworkAuthentication | {'networks':[{'cidr':'10.0.0.0/33'}]} | 10.0.0.0/33",
        "EgressNetwork | {'trafficPolicy':'Allow'} |",
        "EgressNetwork | {'trafficPolicy':'Deny','networks':[{'cidr':'1.0.0.0/8'}]} |",
        "EgressNetwork | {'trafficPolicy':'Deny','networks':[]} | spec.networks is empty",
        "EgressNetwork | {'trafficPolicy':'Perhaps'} | trafficPolicy",
        "HTTPLocalRateLimitPolicy | {'targetRef':SERVER,'total':{'requestsPerSecond':10},'identity':{'requestsPerSecond':5}} |",
        "HTTPLocalRateLimitPolicy | {'targetRef':{'group':'apps','kind':'Deployment','name':'a'},'total':{'requestsPerSecond':1}} | Deployment",
        "HTTPLocalRateLimitPolicy | {'targetRef':SERVER,'total':{'requestsPerSecond':0}} | is 0",
        "HTTPLocalRateLimitPolicy | {'targetRef':SERVER,'total':{'requestsPerSecond':1},'identity':{'requestsPerSecond':2}} | spec.identity",
        "HTTPLocalRateLimitPolicy | {'targetRef':SERVER,'total':{'requestsPerSecond':1},'overrides':[{'requestsPerSecond':2,'clientRefs':[]}]} | spec.overrides",
        "HTTPLocalRateLimitPolicy | {'targetRef':SERVER,'overrides':[{'requestsPerSecond':2,'clientRefs':[{'kind':'Pod','name':'a'}]}]} | ServiceAccount"
      })
  void networksAndLimits(String kind, String spec, String refusal) {
    String server = "{'group':'policy.linkerd.io','kind':'Server','name':'a'}";
    expect(OWN, kind, spec.replace("SERVER", server), refusal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        OWN + " | {'rules':[{'matches':[{'path':{'type':'Exact','value':'/a'}}]}]} |",
        OWN + " | {'rules':[{'matches':[{'path':{'type':'Exact','value':'a'}}]}]} | a",
        OWN + " | {'rules':[{'matches':[{'path':{'type':'RegularExpression','value':'('}}]}]} | (",
        OWN
            + " | {'rules':[{'filters':[{'type':'RequestRedirect','requestRedirect':{'path':{'type':'ReplaceFullPath','replaceFullPath':'x'}}}]}]} | redirect",
        OWN + " | {'rules':[{'timeouts':{'request':'1s','backendRequest':'500ms'}}]} |",
        OWN
            + " | {'rules':[{'timeouts':{'request':'1s','backendRequest':'2s'}}]} | backendRequest=2s",
        OWN + " | {'rules':[{'timeouts':{'request':'-1s'}}]} | timeouts.request=-1s",
        OWN + " | {'rules':[{'timeouts':{'request':'soon'}}]} | timeouts.request=soon",
        GATEWAY
            + " | {'rules':[{'filters':[{'type':'RequestMirror'},{'type':'URLRewrite'},{'type':'ExtensionRef'}]}]} |",
        GATEWAY
            + " | {'rules':[{'backendRefs':[{'group':'example.com','kind':'Thing','name':'a'}]}]} |",
        GATEWAY + " | {'rules':[{'backendRefs':[{'name':'a','port':80}]}]} |",
        GATEWAY
            + " | {'rules':[{'backendRefs':[{'group':'core','kind':'Service','name':'a'}]}]} | without a port",
        GATEWAY + " | {'rules':[{'backendRefs':[{'name':'a'}]}]} | without a port",
        GATEWAY + " | {'rules':[{'matches':[{'path':{'type':'PathPrefix','value':'a'}}]}]} | a",
        GATEWAY + " | {'rules':[{'timeouts':{'request':'1s','backendRequest':'2s'}}]} |"
      })
  void httpRoute(String group, String spec, String refusal) {
    expect(group, "HTTPRoute", spec, refusal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        OWN + " | HTTPRoute | [{}]",
        GATEWAY + " | HTTPRoute | [{}]",
        GATEWAY + " | GRPCRoute | [{}]",
        GATEWAY + " | TLSRoute | [{'backendRefs':[]}]",
        GATEWAY + " | TCPRoute | [{'backendRefs':[]}]"
      })
  void routes_toEgressNetworks_needAPort(String group, String kind, String rules) {
    String spec = "{'parentRefs':[" + EGRESS + "],'rules':" + rules + "}";

    expect(group, kind, spec.formatted(",'port':443"), null);
    expect(group, kind, spec.formatted(""), "without a port");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GRPCRoute | {'rules':[{'matches':[{'method':{'service':'a','method':'b'}}]}]} |",
        "GRPCRoute | {'rules':[{'matches':[{'method':{'type':'RegularExpression','service':'a'}}]}]} | regular expressions",
        "GRPCRoute | {'rules':[{'backendRefs':[{'name':'a'}]}]} | without a port",
        "TLSRoute | {'rules':[{'backendRefs':[]},{'backendRefs':[]}]} | exactly one",
        "TCPRoute | {'rules':[]} | exactly one"
      })
  void otherRoutes(String kind, String spec, String refusal) {
    expect(GATEWAY, kind, spec, refusal);
  }

  @Test
  void gatewayObject_thatCannotBeRead_isAdmittedForOthersToUnderstand() {
    expect(GATEWAY, "HTTPRoute", "{'rules':'later'}", null);
    expect(OWN, "HTTPRoute", "{'rules':'later'}", "rules");
  }

  @Test
  void kind_thatIsNoPolicy_isRefused() {
    expect("", "Pod", "{}", "not a kind of policy");
    expect("example.com", "Thing", "{}", "not a kind of policy");
  }

  @Test
  void refusal_namesTheObject() {
    AdmissionVerdict verdict =
        admission.review(request(OWN, "Server", "{'podSelector':{},'port':80,'accessPolicy':'x'}"));

    assertThat(verdict.message())
        .startsWith("Server shop/name refused; cause: ")
        .contains("'x'; fix: all-unauthenticated");
  }

  private void expect(String group, String kind, String spec, String refusal) {
    AdmissionVerdict verdict = admission.review(request(group, kind, spec));

    if (refusal == null) {
      assertThat(verdict).isEqualTo(AdmissionVerdict.allow());
    } else {
      assertThat(verdict.allowed()).isFalse();
      assertThat(verdict.message()).contains(refusal);
    }
  }

  private static AdmissionRequest request(String group, String kind, String spec) {
    String text =
        """
        {'metadata':{'name':'name','namespace':'shop'},'spec':%s}
        """
            .formatted(spec)
            .replace('\'', '"');
    try {
      ObjectNode object = (ObjectNode) new JsonMapper().readTree(text);
      return new AdmissionRequest("u", "CREATE", group, "v1", kind, "shop", "name", object, false);
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }
}
