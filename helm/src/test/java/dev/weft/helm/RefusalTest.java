package dev.weft.helm;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that are refused, and what the reader is told. */
final class RefusalTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          proxy.uuid                   | 3           | uuid
          contollerReplicas            | 3           | contollerReplicas
          controllerReplicas           | many        | got string, want integer
          controllerReplicas           | 0           | minimum: got 0, want 1
          proxy.ports.admin            | 99999       | maximum: got 99,999, want 65,535
          proxy.defaultInboundPolicy   | all         | value must be one of
          proxy.inboundConnectTimeout  | soon        | does not match pattern
          proxyInit.iptablesMode       | ebpf        | value must be one of
          webhookFailurePolicy         | Retry       | value must be one of
          controllerLogFormat          | xml         | value must be
          clusterNetworks              | everything  | does not match pattern
          proxy.resources.cpu.requests | 1           | requests
          enablePSP                    | true        | fix: leave it out; label the namespace
          controllerImage              | cr/x        | fix: imageRegistry=REGISTRY/PATH
          identity.issuer.scheme       | kubernetes.io/tls | fix: leave crtPEM and keyPEM out
          identity.issuer.tls.keyPEM   | ''          | identity.issuer.tls is incomplete
          proxyInit.closeWaitTimeoutSecs | 60        | or proxyInit.runAsRoot=true
          proxy.tracing.enabled        | true        | fix: set proxy.tracing.collector.endpoint
          """)
  void value_wrong_isRefusedWithTheReason(String path, String value, String reason) {
    assertRefused(Samples.DEFAULT.withSet(path, value), reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {injectCaFrom: a/b}                                               | without proxyInjector.externalSecret
          {externalSecret: true}                                            | set one of proxyInjector.caBundle
          {externalSecret: true, injectCaFrom: a/b, injectCaFromSecret: a/b} | are both set
          {externalSecret: true, injectCaFrom: a/b, caBundle: x}            | caBundle is set beside
          {externalSecret: true, caBundle: x, crtPEM: c, keyPEM: k}         | the Secret would have two keepers
          {crtPEM: c, caBundle: x}                                          | go together
          {crtPEM: c, keyPEM: k}                                            | without proxyInjector.caBundle
          {caBundle: x}                                                     | without a certificate
          """)
  void certificate_ofTheInjectorInConflict_isRefused(String values, String reason) {
    assertRefused(Samples.DEFAULT.withValues("proxyInjector: " + values), reason);
  }

  private static void assertRefused(Rendering rendering, String reason) {
    assertThatThrownBy(() -> Charts.render(Chart.CONTROL_PLANE, rendering))
        .isInstanceOf(ChartException.class)
        .hasMessageContaining(reason);
  }
}
