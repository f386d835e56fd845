package dev.weft.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken out, and what stays. */
class UninjectionTest {
  @Test
  void metadata_ofWorkloadAndTemplate_losesWhatTheMeshWrote() {
    ObjectNode deployment =
        Yaml.object(
            """
            kind: Deployment
            metadata: {name: web, annotations: {linkerd.io/created-by: x, team: blue}}
            spec:
              template:
                metadata:
                  annotations: {linkerd.io/inject: enabled, config.linkerd.io/proxy-await: disabled}
                  labels: {linkerd.io/workload-ns: shop}
                spec: {containers: [{name: web}, {name: linkerd-proxy}], volumes: [{name: linkerd-identity-token}]}
            """);

    assertThat(Uninjection.uninject(deployment)).isTrue();

    assertThat(deployment)
        .isEqualTo(
            Yaml.object(
                """
                kind: Deployment
                metadata: {name: web, annotations: {team: blue}}
                spec:
                  template:
                    metadata: {annotations: {config.linkerd.io/proxy-await: disabled}}
                    spec: {containers: [{name: web}]}
                """));
  }

  @Test
  void optOut_stays() {
    ObjectNode namespace =
        Yaml.object("{kind: Namespace, metadata: {annotations: {linkerd.io/inject: disabled}}}");

    assertThat(Uninjection.uninject(namespace)).isFalse();
    assertThat(namespace.at("/metadata/annotations").has(Names.INJECT)).isTrue();
  }

  @Test
  void controlPlane_keepsItsMetadata() {
    ObjectNode deployment =
        Yaml.object(
            """
            kind: Deployment
            metadata: {labels: {linkerd.io/control-plane-component: identity}}
            spec: {template: {metadata: {labels: {linkerd.io/workload-ns: linkerd}}, spec: {containers: [{name: linkerd-proxy}, {name: identity}]}}}
            """);

    assertThat(Uninjection.uninject(deployment)).isTrue();
    assertThat(deployment.at("/spec/template/metadata/labels").size()).isEqualTo(1);
    assertThat(deployment.at("/spec/template/spec/containers").size()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{kind: Deployment, metadata: {name: a}, spec: {template: {spec: {containers: []}}}}",
        "{kind: Pod, metadata: {name: a}, spec: {containers: [{name: a}], volumes: []}}",
        "{kind: ConfigMap, metadata: {name: a}, data: {a: b}}",
        "{kind: Namespace}"
      })
  void object_thatIsNotInjected_isLeftAsItIs(String yaml) {
    ObjectNode object = Yaml.object(yaml);

    assertThat(Uninjection.uninject(object)).isFalse();
    assertThat(object).isEqualTo(Yaml.object(yaml));
  }
}
