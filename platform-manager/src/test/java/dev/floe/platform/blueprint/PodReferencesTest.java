package dev.floe.platform.blueprint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.yaml.YamlLimits;
import dev.floe.yaml.YamlReader;
import org.junit.jupiter.api.Test;

class PodReferencesTest {
  @Test
  void everythingThatAPodReadsIsFound() {
    // Given
    var pod =
        YamlReader.of(YamlLimits.USUAL)
            .read(
                """
                imagePullSecrets: [{name: pull}]
                initContainers:
                  - name: first
                    env:
                      - {name: A, valueFrom: {secretKeyRef: {name: s-init, key: a}}}
                containers:
                  - name: main
                    env:
                      - {name: B, value: plain}
                      - {name: C, valueFrom: {configMapKeyRef: {name: c-env, key: c}}}
                      - {name: D, valueFrom: {secretKeyRef: {name: s-env, key: d}}}
                    envFrom:
                      - configMapRef: {name: c-all}
                      - secretRef: {name: s-all}
                volumes:
                  - {name: e, emptyDir: {}}
                  - {name: f, configMap: {name: c-volume}}
                  - {name: g, secret: {secretName: s-volume}}
                  - name: h
                    projected:
                      sources:
                        - configMap: {name: c-projected}
                        - secret: {name: s-projected}
                """)
            .root();
    // When
    var found = PodReferences.of(pod);
    // Then
    assertThat(found.configMaps())
        .containsExactlyInAnyOrder("c-env", "c-all", "c-volume", "c-projected");
    assertThat(found.secrets())
        .containsExactlyInAnyOrder("s-init", "s-env", "s-all", "s-volume", "s-projected");
  }
}
