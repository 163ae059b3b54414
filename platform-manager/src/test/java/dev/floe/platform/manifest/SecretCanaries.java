package dev.floe.platform.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Manifests with a secret of its own in every kind of place; each secret has the word canary. */
public final class SecretCanaries {
  private static final Pattern CANARY = Pattern.compile("(?i)canary[0-9]{3}|770077[0-9]{3}");

  private SecretCanaries() {}

  /** Sections in which a secret can be replaced by a reference. */
  public static String everywhere() {
    var text =
        """
        plugins:
          telemetry_backend: {type: telemetry}
          catalog:
            type: polaris
            config:
              oauth2: {client_secret: CANARY, token_url: "http://polaris/oauth", scope: all}
              uri: postgresql://u:CANARY@h/db
              secret_key: CANARY
              account_key: CANARY
              keyfile_json: '{"type": "service_account", "private_key": "CANARY"}'
              service_account_json: CANARY
              connection_string: CANARY
              dsn: CANARY
              headers: x-team=CANARY
              tokens: [CANARY, {value: CANARY}, NUMBER]
              password: NUMBER
              nested: [{deep: [{passphrase: CANARY}]}]
          storage:
            type: s3
            config:
              headers: {x-honeycomb-team: CANARY, Authorization: Bearer CANARY}
              credentials: {username: u, password: CANARY, other: CANARY}
              note: key is AKIAIOSFODNNCANARY
              endpoint: https://u:CANARY@s3.example
          secrets: {type: vault, config: {secret_id: CANARY, address: "https://vault"}}
          quality: {provider: soda, api_key: CANARY}
        services:
          postgresql:
            env:
              DATABASE_URL: postgresql://u:CANARY@h/db
              GITHUB_PAT: CANARY
              PGPASS: CANARY
              DB_PASSWORD: CANARY
              NOTE: Authorization=Bearer CANARY
            autoscaling: {metrics: {token: CANARY}}
            ingress: {tls: {pem: "-----BEGIN PRIVATE KEY-----\\nCANARY"}}
            strategy: {webhook: "https://h/hook?token=CANARY"}
        observability: {exporter: {token: CANARY, endpoint: "https://u:CANARY@o.example"}}
        governance: {api_key: CANARY, list: ["Server=h;Password=CANARY;"]}
        quality_gates: {dsn: CANARY}
        data_architecture: {notes: "password=CANARY"}
        defaults: {credentials: [CANARY], db: {password: NUMBER}}
        artifacts:
          registry:
            auth: {username: u, password: CANARY, type: basic}
            signing: {private_key: CANARY, pass: NUMBER}
            cache: {url: "redis://:CANARY@cache:6379/0"}
          promotion: {environments: [{name: prod, token: CANARY}]}
        """;
    return numbered(text);
  }

  /** Sections in which nothing but the value itself could stand. */
  public static List<String> nowhere() {
    return List.of(
            "metadata: {name: weather, version: 1.0.0, description: 'db postgresql://u:CANARY@h/d'}",
            "metadata: {name: weather, version: 1.0.0, owner: 'Bearer a1CANARY'}",
            "parent_manifest: https://u:CANARY@h/m.yaml",
            "plugins: {compute: {type: 'postgresql://u:CANARY@h/d'}}",
            "plugins: {compute: {type: postgresql, connection_secret_ref: 'a:CANARY@b'}}",
            "plugins: {compute: {type: postgresql, config: {storage: 'x://u:CANARY@h'}}}",
            "plugins: {compute: {type: postgresql, config: {password: CANARY}}}",
            "plugins: {compute: {type: postgresql, version: 'x://u:CANARY@h'}}",
            "plugins: {orchestrator: {type: dagster, config: {codeLocations: [{name: a, module: b,"
                + " image: 'r:x/AKIAIOSFODNNCANARY'}]}}}",
            "services: {postgresql: {env: {DB_PASSWORD: NUMBER}}}",
            "services: {postgresql: {env: {DB_PASSWORD: 0NUMBER}}}",
            "services: {postgresql: {password: CANARY}}",
            "services: {postgresql: {preset: 'x://u:CANARY@h'}}",
            "services: {postgresql: {'x://u:CANARY@h': 1}}",
            "domains: {'x://u:CANARY@h': {}}",
            "domains: {a: {namespace: 'x://u:CANARY@h'}}",
            "domains: {a: {token: CANARY}}",
            "passwords: [CANARY, NUMBER]",
            "'x://u:CANARY@h': {a: 1}",
            "governance: {'x://u:CANARY@h': {a: 1}, b: 1}",
            "governance: {token: CANARY, token: CANARY}",
            "governance: {tokens: [0NUMBER, True]}")
        .stream()
        .map(SecretCanaries::numbered)
        .toList();
  }

  /** The canaries in a text. */
  public static List<String> in(String text) {
    var found = new ArrayList<String>();
    for (var matcher = CANARY.matcher(text); matcher.find(); ) {
      found.add(matcher.group());
    }
    return found;
  }

  private static String numbered(String text) {
    var numbered = new StringBuilder();
    var matcher = Pattern.compile("CANARY|NUMBER").matcher(text);
    for (int i = 100; matcher.find(); i++) {
      matcher.appendReplacement(
          numbered, matcher.group().equals("NUMBER") ? "770077" + i : "CANARY" + i);
    }
    return matcher.appendTail(numbered).toString();
  }
}
