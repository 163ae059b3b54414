package dev.floe.launcher.runtime.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.floe.contract.platform.Bindings.EnvVar;
import dev.floe.launcher.runtime.Ending;
import dev.floe.launcher.runtime.JobRuntime;
import dev.floe.launcher.runtime.JobRuntimeConformance;
import dev.floe.launcher.runtime.LaunchRefusedException;
import dev.floe.launcher.runtime.LogPosition;
import dev.floe.launcher.runtime.Observation;
import dev.floe.launcher.runtime.Obstacle;
import dev.floe.local.home.FloeHome;
import dev.floe.local.image.ImageDefinition;
import dev.floe.local.image.LocalImages;
import dev.floe.local.secret.SecretFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalJobRuntimeTest extends JobRuntimeConformance {
  private static final String IMAGE = "floe.local/test:1";

  @TempDir Path temporary;
  private FloeHome home;
  private JobRuntime runtime;

  @BeforeEach
  void defineImage() throws IOException {
    home = FloeHome.at(temporary.resolve("home"));
    var source = Files.createDirectory(temporary.resolve("product"));
    Files.writeString(source.resolve("file.txt"), "of the image\n");
    LocalImages.at(home).add(new ImageDefinition(IMAGE, source, Optional.empty(), List.of()));
    runtime = reopen();
    runtime.listen(this::hear);
    runtime.watch(namespace());
  }

  @Override
  protected JobRuntime runtime() {
    return runtime;
  }

  @Override
  protected JobRuntime reopen() {
    return new LocalJobRuntime(home);
  }

  @Override
  protected String namespace() {
    return "climate";
  }

  @Override
  protected String image() {
    return IMAGE;
  }

  @Override
  protected void secret(String name, String key, String value) throws IOException {
    SecretFiles.at(home).put(namespace(), name, Map.of(key, value));
  }

  @Test
  void anAttemptWorksInItsOwnCopyOfTheImagesFiles() throws IOException {
    // Given
    var attempt = shell("echo changed > file.txt; cat file.txt");
    // When
    run(attempt);
    // Then
    assertThat(log(attempt, 0)).isEqualTo("changed\n");
    assertThat(temporary.resolve("product/file.txt")).hasContent("of the image\n");
  }

  @Test
  void anAttemptWhoseSupervisorIsKilledIsLostAndLeavesNothingRunning() throws IOException {
    // Given
    var attempt = shell("sleep 1000 & echo $!; wait");
    launch(attempt);
    await().atMost(LIMIT).until(() -> log(attempt, 0).contains("\n"));
    var child = Long.parseLong(log(attempt, 0).strip());
    var state =
        Files.readString(home.attempts().resolve(attempt.ref().name()).resolve("process.json"));
    var supervisor = Long.parseLong(state.replaceFirst("(?s).*\"supervisorPid\": (\\d+).*", "$1"));
    // When
    ProcessHandle.of(supervisor).orElseThrow().destroyForcibly();
    // Then
    assertThat(ending(attempt.ref()).cause()).isEqualTo(Ending.Cause.POD_DELETED);
    await()
        .atMost(LIMIT)
        .until(() -> ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void aSignalIsKnownAndAnExitCodeIsNotTakenForOne() {
    // When
    var killed = run(shell("kill -USR1 $$"));
    var exited = run(shell("exit 138"));
    // Then
    assertThat(killed.signal()).isEqualTo(10);
    assertThat(killed.exitCode()).isEqualTo(138);
    assertThat(exited.signal()).isNull();
    assertThat(exited.exitCode()).isEqualTo(138);
  }

  @Test
  void memoryThatCannotBeCountedIsRefusedByItsField() {
    // Given
    var attempt = shell("true").withMemory("99999999999Ti");
    // When
    var obstacle = obstacle(attempt);
    // Then
    assertThat(obstacle.kind()).isEqualTo(Obstacle.Kind.CONTAINER_CONFIG);
    assertThat(obstacle.message()).contains("resources.memory", "99999999999Ti");
  }

  @Test
  void anImagesFolderThatCannotBeNamedIsRefusedAtOnce() throws IOException {
    // Given: a path that no process can open, as one with an umlaut is where the locale is C
    try (var definitions = Files.list(home.images())) {
      var definition = definitions.filter(path -> path.toString().endsWith(".json")).findFirst();
      var text = Files.readString(definition.orElseThrow());
      var source = temporary.resolve("product").toString();
      Files.writeString(definition.orElseThrow(), text.replace(source, source + "\\u0000"));
    }
    // When
    var obstacle = obstacle(shell("true"));
    // Then
    assertThat(obstacle.kind()).isEqualTo(Obstacle.Kind.START_ERROR);
    assertThat(obstacle.message()).contains("LC_ALL=C.UTF-8");
  }

  @Test
  void aSecretIsNotKeptOnDiskAfterTheEnd() throws IOException {
    // Given
    secret("once", "password", "very-s3cret");
    var attempt = shell("true").withEnv(EnvVar.secret("P", "once", "password"));
    // When
    run(attempt);
    // Then
    var spec = home.attempts().resolve(attempt.ref().name()).resolve("spec.json");
    await().atMost(LIMIT).until(() -> !Files.readString(spec).contains("very-s3cret"));
    assertThat(runtime.observe(attempt.ref())).isInstanceOf(Observation.Ended.class);
  }

  @Test
  void anAttemptWaitsForRoomOnAFullDiskAndItsLogIsWhole() throws Exception {
    // Given: a home on a small disk of its own
    var disk = Files.createDirectory(temporary.resolve("disk"));
    assumeTrue(mount(disk), "a small disk needs root");
    try {
      var small = FloeHome.at(disk.resolve("home"));
      var source = Files.createDirectory(temporary.resolve("other"));
      LocalImages.at(small).add(new ImageDefinition(IMAGE, source, Optional.empty(), List.of()));
      var launcher = new LocalJobRuntime(small);
      var attempt =
          shell("while [ ! -e go ]; do sleep 0.05; done; seq 1 5000; echo the-end")
              .withTimeout(Duration.ofMinutes(2));
      var uid = launcher.create(attempt.spec());
      launcher.release(attempt.ref(), uid);
      var other = shell("true");
      var folder = small.attempts().resolve(attempt.ref().name());
      // When
      Files.createFile(folder.resolve("work/go"));
      fill(disk.resolve("filler"));
      // Then
      assertThatThrownBy(() -> launcher.create(other.spec()))
          .isInstanceOfSatisfying(
              LaunchRefusedException.class,
              e -> {
                assertThat(e.obstacle().kind()).isEqualTo(Obstacle.Kind.DISK_FULL);
                assertThat(e.obstacle().message()).contains("Free some space on the disk of");
              });
      // When
      Files.delete(disk.resolve("filler"));
      // Then
      await()
          .atMost(LIMIT)
          .until(() -> launcher.observe(attempt.ref()) instanceof Observation.Ended);
      try (var log = launcher.log(attempt.ref(), LogPosition.START, false).orElseThrow()) {
        assertThat(new String(log.readAllBytes(), UTF_8).lines().toList())
            .hasSize(5001)
            .endsWith("5000", "the-end");
      }
      assertThat(launcher.create(other.spec())).isNotBlank();
    } finally {
      run("umount", "-l", disk.toString());
    }
  }

  @Test
  void outputThatWasLostOnAFullDiskIsSaidAtTheEndOfTheLogOnce() throws Exception {
    // Given: an ending as the supervisor writes it
    var attempt = shell("echo some");
    run(attempt);
    var exit = home.attempts().resolve(attempt.ref().name()).resolve("exit.json");
    var ending = Files.readString(exit);
    Files.writeString(exit, ending.replaceFirst("\\{", "{\"logLostBytes\": 77, "));
    // When
    var log = runtime.log(attempt.ref(), LogPosition.START, false).orElseThrow();
    var buffer = new byte[100];
    // Then
    assertThat(log.read(buffer)).isEqualTo(5);
    assertThat(log.missing()).isNull();
    assertThat(log.read(buffer)).isZero();
    assertThat(log.missing())
        .isEqualTo("77 bytes of output are missing, because the disk was full");
    assertThat(log.read(buffer)).isEqualTo(-1);
    var again = runtime.log(attempt.ref(), log.position(), false).orElseThrow();
    assertThat(again.read(buffer)).isEqualTo(-1);
  }

  private static boolean mount(Path disk) throws Exception {
    return run("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", disk.toString()) == 0;
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private static void fill(Path filler) {
    var block = new byte[512];
    try (var out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }
}
