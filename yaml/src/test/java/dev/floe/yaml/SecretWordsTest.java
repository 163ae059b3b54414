package dev.floe.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretWordsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "password",
        "DB_PASSWORD",
        "dbPassword",
        "db-passwd",
        "pgpass",
        "PGPASSWORD",
        "DB_PASS",
        "pwd",
        "passphrase",
        "secret",
        "client_secret",
        "clientSecret",
        "secret_key",
        "SecretKey",
        "SECRET_KEY_BASE",
        "secrets",
        "token",
        "tokens",
        "access_token",
        "authToken",
        "GITHUB_PAT",
        "api_key",
        "apikey",
        "X-API-Key",
        "DD_APP_KEY",
        "account_key",
        "accessKey",
        "private_key",
        "private_key_pem",
        "keyfile_json",
        "service_account_json",
        "credentials",
        "credentials_json",
        "connection_string",
        "connectionString",
        "AZURE_STORAGE_CONNECTION_STRING",
        "dsn",
        "SENTRY_DSN",
        "headers",
        "OTEL_EXPORTER_OTLP_HEADERS",
        "authorization",
        "cookie",
        "AIRFLOW__CORE__FERNET_KEY",
        "password2",
        "old_password",
        "secret_id",
        "encryption_key",
        "max_password",
        "n_secrets"
      })
  void keysThatNameASecret(String key) {
    assertThat(SecretWords.names(key)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "secretRef",
        "connection_secret_ref",
        "secretKeyRef",
        "passwordKey",
        "password_key",
        "userKey",
        "usernameKey",
        "existingSecret",
        "imagePullSecrets",
        "image_pull_secret",
        "secretName",
        "secret_name",
        "token_url",
        "tokenUrl",
        "token_endpoint",
        "token_ttl",
        "max_tokens",
        "min_new_tokens",
        "rotation_days",
        "secret_region",
        "password_file",
        "DAGSTER_PASSWORD_FILE",
        "token_type",
        "password_policy",
        "secret_store",
        "credentials_provider",
        "primary_key",
        "partition_key",
        "unique_key",
        "key",
        "keys",
        "user",
        "username",
        "uri",
        "url",
        "path",
        "passive",
        "compass",
        "bypass",
        "monkey",
        "owner",
        "module",
        "registry",
        "auth",
        "oauth2",
        "client_id",
        "session",
        "public_key",
        "certificate",
        "header",
        "access_key_id",
        "DATABASE_URL",
        "codeLocations"
      })
  void keysThatNameNone(String key) {
    assertThat(SecretWords.names(key)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("secrets")
  void shapesOfSecrets(String value) {
    assertThat(SecretWords.shape(value)).isPresent();
  }

  /** Put together, so that no scanner of repositories takes them for real ones. */
  static List<String> secrets() {
    return List.of(
        "postgresql://u:pw@h/db",
        "postgresql://floe:a/b@db/x",
        "db:\n  password: hunter2",
        "db:\n  - dbPassword: 'two words'\n",
        "{user: a, password: hunter2}",
        "{\"password\":\"hunter2\"}",
        "{\"db\": {\"client_secret\" : \"a b\", \"x\": 1}}",
        "{\\\"password\\\":\\\"hunter2\\\"}",
        "PGPASSWORD=hunter2",
        "--db-password=hunter2",
        "password = hunter2",
        "Server=h; Password = pw",
        "postgresql+psycopg://warehouse:p%40w@h:5432/db?sslmode=require",
        "redis://:pw@h:6379/0",
        "see amqp://guest:guest@mq for more",
        "https://0123456789abcdef0123456789abcdef@sentry.example/1",
        "jdbc:oracle:thin:scott/tiger@db:1521/x",
        "jdbc:postgresql://h/db?user=u&password=pw",
        "host=h dbname=d user=u password=pw",
        "Server=h;User Id=u;Pwd=pw;",
        "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=" + "abc0==;EndpointSuffix=x",
        "Endpoint=sb://x/;SharedAccessKeyName=n;SharedAccessKey=" + "abc0=",
        "https://a.blob.example/c?sv=1&sig=" + "abc%3D",
        "https://api.example/v1?token=abc",
        "Bearer abc123def456",
        "authorization=Bearer x",
        "Authorization: Basic dXNlcjpwYXNz",
        "Basic dXNlcjpwYXNzd29yZA==",
        "-----BEGIN " + "RSA PRIVATE KEY-----\nMIIE",
        "-----BEGIN " + "PRIVATE KEY-----",
        "-----BEGIN " + "OPENSSH PRIVATE KEY-----",
        "{\"type\": \"service_account\", \"private_key\": \"x\"}",
        "eyJ" + "hbGciOiJIUzI1NiJ9.eyJ" + "zdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3",
        "AKIA" + "IOSFODNN7EXAMPLE",
        "ghp_" + "0123456789abcdefghijABCDEFGHIJ012345",
        "github_pat_" + "11ABCDEFG0123456789_abcdefghij",
        "glpat-" + "0123456789abcdefghij",
        "xoxb-" + "1234567890-abcdefghij",
        "dapi" + "0123456789abcdef0123456789abcdef",
        "hvs." + "CAESIJ0123456789abcdefgh");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "weather",
        "http://polaris:8181/api/catalog",
        "https://git@github.com/a/b",
        "https://floe-data-platform-team@dev.azure.com/org/repo",
        "mongodb://h:27017,g:27017/db?contact=a@b",
        "select a from t as a, u as b where token = b.token",
        "db:\n  password: ${PGPASSWORD}\n  token: null\n  max_tokens: 9",
        "{\"password\": \"${PGPASSWORD}\", \"token\": null, \"passwordKey\": \"x\"}",
        "{\"authorization\": \"rbac\"}",
        "ssh://git@h/x",
        "oci://registry.acme.example:5000/floe@sha256:0123456789abcdef0123456789abcdef",
        "http://a:8080/x@y",
        "postgresql://u:${PGPASSWORD}@h/db",
        "postgresql://u@h/db",
        "postgresql://u:{{ env_var('P') }}@h/db",
        "host=h password=${PGPASSWORD}",
        "${DB_PASSWORD}",
        "data-platform@example.com",
        "the bearer of this token",
        "basic authentication",
        "bearer authentication",
        "PostgreSQL, Dagster and telemetry for the weather example",
        "-----BEGIN CERTIFICATE-----",
        "*/10 * * * *",
        "password",
        "a password: see the vault",
        "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "s3://bucket/path",
        "jdbc:postgresql://h:5432/db",
        "/tmp/floe/{product_slug}.duckdb"
      })
  void shapesOfNone(String value) {
    assertThat(SecretWords.shape(value)).isEmpty();
  }

  @Test
  void aTextIsRedacted() {
    assertThat(
            SecretWords.redacted(
                "could not connect to postgresql://u:s3cret@h/d (password=s3cret sslmode=off)\n"
                    + "sent authorization: Basic s3cret\nand Bearer s3cret01 "
                    + ("gh" + "p_0123456789abcdefghijABCDEFGH")
                    + " failed; see postgresql://u:${PW}@h"))
        .isEqualTo(
            "could not connect to postgresql://u:•••@h/d (password=••• sslmode=off)\n"
                + "sent •••\nand •••");
    assertThat(SecretWords.redacted("exit code 1: no module named x"))
        .isEqualTo("exit code 1: no module named x");
    assertThat(SecretWords.redacted("-----BEGIN " + "PRIVATE KEY-----\nMII\n")).isEqualTo("•••");
  }

  @ParameterizedTest
  @MethodSource("secrets")
  void whatIsRedactedLooksHarmless(String value) {
    assertThat(SecretWords.shape(SecretWords.redacted("x " + value + " y"))).isEmpty();
  }

  @Test
  void aHostileTextCostsLittle() {
    // Given
    var texts =
        List.of(
            "a".repeat(200_000),
            "://a:".repeat(40_000),
            "eyJ-".repeat(50_000),
            "jdbc:oracle:a:".repeat(14_000),
            "password ".repeat(22_000),
            "password = ".repeat(18_000),
            "{a".repeat(100_000),
            "'a':'".repeat(40_000),
            "-\n".repeat(100_000),
            "bearer ".repeat(28_000),
            "bearer" + " ".repeat(200_000),
            "-----BEGIN ".repeat(18_000),
            "https://a".repeat(20_000),
            "SG.".repeat(60_000));
    var began = System.nanoTime();
    // When
    texts.forEach(SecretWords::shape);
    texts.forEach(SecretWords::redacted);
    // Then
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
  }
}
