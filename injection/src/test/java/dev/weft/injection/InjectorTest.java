package dev.weft.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InjectorTest {
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        containers:
          - name: web
            image: web:1
            ports:
              - containerPort: 3306
      """;

  @Test
  void pod_ofEnabledNamespace_getsTheProxyAsNativeSidecar() {
    ObjectNode pod = Yaml.object(POD);
    Injector injector =
        new Injector(
            new Installation(
                Values.parse("linkerdVersion: 0.1.0"),
                "linkerd",
                "anchors\n",
                "linkerd/proxy-injector 0.1.0"));

    Outcome outcome =
        injector.inject(
            pod,
            new NamespaceFacts("shop", Map.of("linkerd.io/inject", "enabled")),
            Optional.of(new Owner(OwnerKind.DEPLOYMENT, "web")));
    JsonPatch.apply(pod, outcome.patch());

    assertThat(outcome).isInstanceOf(Outcome.Patched.class);
    assertThat(pod.at("/spec/initContainers/1/name").asText()).isEqualTo("linkerd-proxy");
    assertThat(pod.at("/metadata/labels/linkerd.io~1proxy-deployment").asText()).isEqualTo("web");
    assertThat(pod.at("/metadata/annotations/config.linkerd.io~1opaque-ports").asText())
        .isEqualTo("3306");
    assertThat(Yaml.object(Yaml.write(pod))).isEqualTo(pod);
  }
}
