package dev.floe.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.floe.local.LocalException;
import dev.floe.local.home.FloeHome;
import dev.floe.local.process.ProcessStatus.Ended;
import dev.floe.local.process.ProcessStatus.Lost;
import dev.floe.local.process.ProcessStatus.NotStarted;
import dev.floe.local.process.ProcessStatus.Running;
import dev.floe.local.python.PythonInterpreter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Map<String, String> ENVIRONMENT = Map.of("PATH", System.getenv("PATH"));

  @TempDir Path temporary;
  private Supervisor supervisor;
  private Path folder;

  @BeforeEach
  void prepareHome() {
    supervisor = Supervisor.at(FloeHome.at(temporary.resolve("home")));
    folder = temporary.resolve("home/attempts/one");
  }

  @AfterEach
  void endWhatRuns() {
    if (supervisor.exists(folder)) {
      supervisor.open(folder).delete();
    }
  }

  @Test
  void thePromisesOfTheScriptItself() throws Exception {
    // Given
    var python = PythonInterpreter.find(System.getenv()).executable().toString();
    var script = Path.of("src/main/resources/dev/floe/local/process/supervise.py").toString();
    // When
    var process =
        new ProcessBuilder(python, "src/test/python/supervise_test.py", script)
            .redirectErrorStream(true)
            .start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    // Then
    assertThat(process.waitFor()).as(output).isZero();
  }

  @Test
  void nothingRunsBeforeItIsStarted() throws IOException {
    // When
    var process = supervisor.prepare(folder, shell("echo hello"));
    // Then
    assertThat(process.status()).isEqualTo(new NotStarted());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    assertThat(Files.getPosixFilePermissions(folder.resolve("spec.json")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void anEndIsRecorded() throws IOException {
    // Given
    var process = supervisor.prepare(folder, shell("echo hello; exit 4"));
    // When
    process.start();
    // Then
    var ending = process.awaitEnd(LIMIT).orElseThrow();
    assertThat(ending.reason()).isEqualTo(Ending.Reason.EXITED);
    assertThat(ending.exitCode()).hasValue(4);
    assertThat(ending.finishedAt()).isAfterOrEqualTo(ending.startedAt());
    assertThat(new String(process.log().read(0, 100).bytes(), StandardCharsets.UTF_8))
        .isEqualTo("hello\n");
  }

  @Test
  void aSignalIsRecorded() {
    // Given
    var process = supervisor.prepare(folder, shell("kill -9 $$"));
    // When
    process.start();
    // Then
    var ending = process.awaitEnd(LIMIT).orElseThrow();
    assertThat(ending.signal()).hasValue(9);
    assertThat(ending.shellExitCode()).hasValue(137);
  }

  @Test
  void preparingAgainChangesNothing() {
    // Given
    var first = supervisor.prepare(folder, shell("echo first"));
    // When
    var second = supervisor.prepare(folder, shell("echo second"));
    // Then
    assertThat(second.uid()).isEqualTo(first.uid());
  }

  @Test
  void aRunningProcessIsFoundAgainByItsFolder() {
    // Given
    supervisor.prepare(folder, shell("sleep 1000")).start();
    // When
    var found = supervisor.open(folder);
    // Then
    assertThat(found.status()).isInstanceOf(Running.class);
    found.stop(Duration.ofSeconds(5));
    assertThat(found.awaitEnd(LIMIT).orElseThrow().reason()).isEqualTo(Ending.Reason.STOPPED);
  }

  @Test
  void aLostProcessHasAnEndAfterItWasKilled() throws IOException {
    // Given
    var process = supervisor.prepare(folder, shell("sleep 1000"));
    process.start();
    var json = SupervisedFiles.read(folder.resolve("process.json")).orElseThrow();
    ProcessHandle.of(json.get("supervisorPid").asLong()).orElseThrow().destroyForcibly();
    await().atMost(LIMIT).until(() -> process.status() instanceof Lost);
    // When
    process.kill();
    // Then
    assertThat(process.status()).isInstanceOf(Ended.class);
  }

  @Test
  void aServiceIsRestartedWithAnotherSpecificationOnly() {
    // Given
    var specification = ProcessSpec.service(List.of("sleep", "1000"), ENVIRONMENT, temporary);
    var process = supervisor.ensure(folder, specification);
    var pid = pid(process);
    // When
    supervisor.ensure(folder, specification);
    var same = pid(process);
    supervisor.ensure(
        folder, ProcessSpec.service(List.of("sleep", "2000"), ENVIRONMENT, temporary));
    // Then
    assertThat(same).isEqualTo(pid);
    assertThat(pid(process)).isNotEqualTo(pid);
  }

  @Test
  void aStoppedServiceCanBeStartedAgain() {
    // Given
    var process =
        supervisor.ensure(
            folder, ProcessSpec.service(List.of("sleep", "1000"), ENVIRONMENT, temporary));
    process.stop(Duration.ofSeconds(5));
    process.awaitEnd(LIMIT);
    // When
    process.start();
    // Then
    assertThat(process.status()).isInstanceOf(Running.class);
  }

  @Test
  void whatIsDeletedIsGone() throws IOException {
    // Given
    var process = supervisor.prepare(folder, shell("sleep 1000"));
    process.start();
    // When
    process.delete();
    // Then
    assertThat(supervisor.exists(folder)).isFalse();
    try (var left = Files.list(temporary.resolve("home/attempts"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aFillingThatFailsLeavesNothing() throws IOException {
    // When
    assertThatThrownBy(() ->
            supervisor.prepare(
                folder,
                shell("true"),
                _ -> {
                  throw new IOException("No space left on device");
                }))
        // Then
        .isInstanceOf(LocalException.class)
        .hasMessageContaining("the disk is full");
    try (var left = Files.list(temporary.resolve("home/attempts"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void theTailOfALog() throws IOException {
    // Given
    var log = new ProcessLog(temporary.resolve("log"));
    Files.writeString(log.file(), "one\ntwo\nthree\n");
    // When
    var from = log.offsetOfTail(2);
    // Then
    assertThat(new String(log.read(from, 100).bytes(), StandardCharsets.UTF_8))
        .isEqualTo("two\nthree\n");
  }

  private static ProcessSpec shell(String script) {
    return ProcessSpec.once(List.of("sh", "-c", script), ENVIRONMENT, Path.of("/"));
  }

  private static long pid(SupervisedProcess process) {
    await().atMost(LIMIT).until(() -> process.status() instanceof Running r && r.pid() > 0);
    return process.status() instanceof Running running ? running.pid() : 0;
  }
}
