package dev.floe.cli.local;

import dev.floe.local.home.FloeHome;
import dev.floe.local.home.TokenFile;
import dev.floe.local.postgresql.Database;
import dev.floe.local.postgresql.Database.Role;
import dev.floe.local.secret.SecretFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The suite's secrets on this machine, each made up once and kept in a file of its owner.
 *
 * @param telemetryToken what senders of OTLP carry
 * @param databaseOwner password of the role that owns the database
 * @param platformManager password of platform-manager's role
 * @param jobLauncher password of job-launcher's role
 */
record Credentials(
    String telemetryToken, String databaseOwner, String platformManager, String jobLauncher) {
  /** Name of the suite's database and of the role that owns it. */
  static final String DATABASE = "floe";

  static final String PLATFORM_MANAGER_ROLE = "platform_manager";
  static final String JOB_LAUNCHER_ROLE = "job_launcher";

  /** Reads them, and makes up what is missing. */
  static Credentials of(FloeHome home) throws IOException {
    TokenFile.readOrCreate(home.token());
    var telemetry = TokenFile.readOrCreate(home.telemetryToken());
    var passwords =
        SecretFiles.at(home)
            .generate(
                "floe",
                "floe-database",
                Map.of(
                    DATABASE, TokenFile::generate,
                    PLATFORM_MANAGER_ROLE, TokenFile::generate,
                    JOB_LAUNCHER_ROLE, TokenFile::generate));
    return new Credentials(
        telemetry,
        password(passwords, DATABASE),
        password(passwords, PLATFORM_MANAGER_ROLE),
        password(passwords, JOB_LAUNCHER_ROLE));
  }

  /** Changes with the token; tells nothing about it. */
  static String tokenFingerprint(FloeHome home) throws IOException {
    try {
      var hash =
          MessageDigest.getInstance("SHA-256")
              .digest(TokenFile.readOrCreate(home.token()).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The suite's database with a role and schema for each service that has one. */
  Database database() {
    return new Database(
        DATABASE,
        new Role(DATABASE, databaseOwner),
        List.of(
            new Role(PLATFORM_MANAGER_ROLE, platformManager),
            new Role(JOB_LAUNCHER_ROLE, jobLauncher)));
  }

  private static String password(Map<String, String> passwords, String name) {
    var password = passwords.get(name);
    if (password == null) {
      throw new IllegalStateException("no password for " + name);
    }
    return password;
  }

  @Override
  public String toString() {
    return "Credentials[…]";
  }
}
