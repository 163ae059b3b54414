package dev.floe.launcher.runtime.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiAnswersTest {
  @ParameterizedTest
  @CsvSource({
    "403, admission webhook denied the request, true",
    "403, jobs is forbidden: cannot delete resource \"jobs\", true",
    "422, invalid, true",
    "401, Unauthorized, false",
    "429, too many requests, false",
    "500, internal error, false",
    "503, unavailable, false",
    "0, connection refused, false"
  })
  void aRefusalOfOneCallIsNoUnreachableServer(int status, String words, boolean answered) {
    // When
    var error = ApiAnswers.unavailable(new KubernetesClientException(words, status, null));
    // Then
    assertThat(error.answered()).isEqualTo(answered);
  }
}
