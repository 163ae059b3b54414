package dev.floe.local.postgresql;

import dev.floe.local.LocalException;
import dev.floe.local.command.Command;
import dev.floe.local.home.PrivateFiles;
import dev.floe.local.home.TokenFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The data of one server, made and changed while the server does not run.
 *
 * @param folder where they lie
 * @param binaries the server's programs
 * @param prefix words in front of every command, so that it does not run as root
 */
record DataFolder(Path folder, PostgresqlBinaries binaries, List<String> prefix) {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final String MARKER = "floe-databases";

  /** Whether it has these databases with these roles and passwords already. */
  boolean isPrepared(List<Database> databases) throws IOException {
    return PrivateFiles.read(folder.resolve(MARKER))
        .filter(fingerprint(databases)::equals)
        .isPresent();
  }

  /** Makes the data and what is missing of the databases. */
  void prepare(List<Database> databases) throws IOException {
    if (!Files.exists(folder.resolve("PG_VERSION"))) {
      initialize();
    }
    forgetDeadServer();
    if (isPrepared(databases)) {
      return;
    }
    for (var database : databases) {
      create(database);
    }
    PrivateFiles.write(folder.resolve(MARKER), fingerprint(databases));
  }

  private void initialize() throws IOException {
    var draft = PrivateFiles.createDraft(folder);
    var password = folder.resolveSibling("." + folder.getFileName() + ".password");
    try {
      PrivateFiles.write(password, TokenFile.generate() + "\n");
      run(
          "initdb",
          List.of(
              "-D",
              draft.toString(),
              "-U",
              "postgres",
              "--auth=scram-sha-256",
              "--pwfile=" + password,
              "--encoding=UTF8",
              "--locale=C"),
          "");
      Files.move(draft, folder, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(password);
      PrivateFiles.deleteFolder(draft);
    }
  }

  /**
   * A server that was killed leaves a file with its process id. Where that id is another process's
   * by now the file is removed; a server that really uses these data is nobody's to adopt.
   */
  private void forgetDeadServer() throws IOException {
    var file = folder.resolve("postmaster.pid");
    var text = PrivateFiles.read(file);
    if (text.isEmpty()) {
      return;
    }
    var pid = text.get().lines().findFirst().map(String::strip).orElse("");
    var alive =
        pid.matches("\\d{1,18}")
            ? ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive)
            : Optional.<ProcessHandle>empty();
    if (alive.isEmpty()) {
      return;
    }
    var program = alive.get().info().command().orElse("");
    if (program.endsWith("postgres")) {
      throw new LocalException(
          "Another PostgreSQL (process " + pid + ") uses " + folder + ".", "End that process.");
    }
    Files.delete(file);
  }

  private void create(Database database) throws IOException {
    var roles = Stream.concat(Stream.of(database.owner()), database.tenants().stream()).toList();
    var statements = new ArrayList<String>();
    for (var role : roles) {
      var password = role.password().replace("'", "''");
      statements.add("CREATE ROLE " + role.name());
      statements.add("ALTER ROLE " + role.name() + " LOGIN PASSWORD '" + password + "'");
    }
    statements.add("CREATE DATABASE " + database.name() + " OWNER " + database.owner().name());
    execute("postgres", statements);
    var schemas = new ArrayList<String>();
    for (var tenant : database.tenants()) {
      schemas.add("CREATE SCHEMA " + tenant.name() + " AUTHORIZATION " + tenant.name());
      schemas.add(
          "ALTER ROLE "
              + tenant.name()
              + " IN DATABASE "
              + database.name()
              + " SET search_path = "
              + tenant.name());
    }
    if (!schemas.isEmpty()) {
      execute(database.name(), schemas);
    }
  }

  /**
   * What is there already is not an error; a statement stands on one line, as this mode wants it.
   */
  private void execute(String database, List<String> statements) throws IOException {
    var arguments =
        List.of(
            "--single",
            "-D",
            folder.toString(),
            "-c",
            "log_min_error_statement=panic",
            "-c",
            "log_statement=none",
            database);
    var answer = run("postgres", arguments, String.join("\n", statements) + "\n");
    var errors =
        answer
            .lines()
            .filter(line -> line.contains("ERROR:") && !line.contains("already exists"))
            .toList();
    if (!errors.isEmpty()) {
      throw new LocalException(
          "PostgreSQL's roles and databases can't be made: " + String.join("\n", errors),
          "Look whether " + folder + " was changed by something else.");
    }
  }

  private String run(String program, List<String> arguments, String input) throws IOException {
    var words = new ArrayList<>(prefix);
    words.add(binaries.program(program).toString());
    words.addAll(arguments);
    var answer = Command.of(words).withInput(input).run(LIMIT);
    if (answer.exitCode() != 0) {
      throw new LocalException(
          "PostgreSQL's " + program + " failed:\n" + answer.lastLines(5),
          answer.output().contains("No space left")
              ? "Free some space on the disk of " + folder + "."
              : "Look at the lines above.");
    }
    return answer.output();
  }

  private static String fingerprint(List<Database> databases) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var database : databases) {
        feed(digest, database.name());
        feed(digest, database.owner());
        database.tenants().forEach(tenant -> feed(digest, tenant));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void feed(MessageDigest digest, Database.Role role) {
    feed(digest, role.name());
    feed(digest, role.password());
  }

  private static void feed(MessageDigest digest, String text) {
    digest.update((text + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
