package dev.floe.yaml;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recognizes secrets by the key they stand under and by their shape. Pure.
 *
 * <p>Keys that name a reference or a property of a secret ({@code connection_secret_ref}, {@code
 * passwordKey}, {@code token_url}, {@code token_ttl}) hold none; placeholders ({@code ${NAME}},
 * {@code {{ env_var('NAME') }}}) are none.
 */
public final class SecretWords {
  /** Last words of a key under which a secret stands. */
  private static final Set<String> LAST =
      setOf(
          "pass pwd passcode pat dsn sas jwt bearer authorization cookie cookies "
              + "pgpass htpasswd keyfile keytab");

  /** Ends of a key, without separators, under which a secret stands. */
  private static final Pattern END =
      Pattern.compile(
          ".*(passwords?|passwd|passphrases?|secrets?|tokens?|credentials?|apikeys?|accesskeys?"
              + "|accountkeys?|secretkeys?|privatekeys?|signingkeys?|encryptionkeys?|masterkeys?"
              + "|sharedkeys?|storagekeys?|servicekeys?|serviceaccountkeys?|authkeys?|fernetkeys?"
              + "|licensekeys?|deploykeys?|sshkeys?|hmackeys?|ingestkeys?|writekeys?|functionkeys?"
              + "|appkeys?|applicationkeys?|adminkeys?|rootkeys?|connectionstrings?|connstr"
              + "|headers|secretkeybase|secretids?)");

  /** Formats that may follow: {@code service_account_json}, {@code private_key_pem}. */
  private static final Set<String> FORMATS =
      setOf("json pem base64 b64 value text plain raw data old new string");

  /** Last words that make a key a reference to a secret, or a property of one. */
  private static final Set<String> ABOUT =
      setOf(
          "ref refs reference name names file files path paths dir url uri endpoint "
              + "host port type kind ttl lifetime expiry expires expiration length size "
              + "count limit limits max min interval timeout policy policies rotation "
              + "enabled required provider store backend engine manager class mount "
              + "version namespace method mode header prefix format algorithm issuer "
              + "audience scope scopes region regions zone zones role roles age "
              + "day days hour hours minute minutes second seconds");

  /** Keys below {@code credentials}, {@code headers} and the like that hold no secret. */
  private static final Set<String> BESIDE =
      setOf(
          "user username id client_id optional description accept content_encoding "
              + "user_agent x_scope_org_id x_org_id x_tenant_id tenant tenant_id project project_id "
              + "profile location");

  private static final Pattern KEY_OF_A_SECRET =
      Pattern.compile(".*(password|passwd|username|user|token|credentials?)_key");

  private static final Pattern REFERENCE =
      Pattern.compile(
          "existing_.*|(.*_)?(image_)?pull_secrets?|(.*_)?external_secrets?|(max|min|num|n)_(.*_)?tokens?");

  private static final Pattern CAMEL =
      Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

  private static final String MASK = "•••";

  private static final String NAME = "[A-Za-z_][A-Za-z0-9_.]{0,200}";

  private static final Pattern PLACEHOLDER =
      Pattern.compile(
          "\\s*(\\$\\{%1$s}|\\$\\(%1$s\\)|\\$%1$s|\\{\\{\\s*(env_var\\(\\s*['\"]%1$s['\"]\\s*\\)|%1$s)\\s*}}|<[A-Za-z _-]{1,60}>|[*•]+)\\s*"
              .formatted(NAME));

  /** Shapes of values that are secrets whatever their key is, with the words for each. */
  private static final List<SecretShape> SHAPES =
      List.of(
          shape(
              "a private key",
              Rest.TEXT,
              "-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY|AGE-SECRET-KEY-1|PuTTY-User-Key-File|\"private_key\"\\s*:"),
          shape(
              "a JSON Web Token",
              Rest.WORD,
              "\\beyJ[A-Za-z0-9_-]{8,200}\\.eyJ[A-Za-z0-9_-]{8}|\\beyJ[A-Za-z0-9_-]{200}"),
          shape(
              "an access key",
              Rest.WORD,
              "\\b((AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}"
                  + "|glpat-[A-Za-z0-9_-]{16,}|xox[abeprs]-[A-Za-z0-9-]{10,}|AIza[A-Za-z0-9_-]{30,}"
                  + "|sk-[A-Za-z0-9_-]{20,}|[rs]k_(live|test)_[A-Za-z0-9]{16,}|dapi[0-9a-f]{32}"
                  + "|hvs\\.[A-Za-z0-9_-]{20,}|npm_[A-Za-z0-9]{30,}|pypi-[A-Za-z0-9_-]{30,}"
                  + "|ya29\\.[A-Za-z0-9_-]{20,}|SG\\.[A-Za-z0-9_-]{16,100}\\.[A-Za-z0-9_-]{16,}"
                  + "|dop_v1_[0-9a-f]{40,})"),
          shape(
              "a bearer token or another Authorization header",
              Rest.LINE,
              "(?i)\\bbearer\\s{1,5}(?=\\S{0,500}[0-9])[A-Za-z0-9._~+/=-]{8,}|\\bbearer\\s{1,5}[A-Za-z0-9._~+/=-]{20,}"
                  + "|\\bauthorization\\s{0,5}[:=]\\s{0,5}[^\\s$]"
                  + "|^basic\\s+(?=\\S*[0-9=])[A-Za-z0-9+/]{8,}={0,2}$"));

  /** User and password before a host; the last group that is there is the password. */
  private static final Pattern USER_INFO =
      Pattern.compile(
          "://[^\\s/?#@:]{0,500}:([^\\s/?#@]{1,500})@"
              + "|://[^\\s/?#@:\\[]{1,500}:(?!\\d{1,5}[/?#,;]|[${<])([^\\s@]{1,500})@"
              + "|jdbc:oracle:[a-z]{1,10}:[^/\\s@]{1,64}/([^@\\s]{1,64})@"
              + "|(?<=https?)://([0-9a-f]{32}|[A-Za-z0-9]{40,500})@");

  /**
   * {@code password=…} in a connection string or a query; the last group that is there is the
   * value. With spaces around the sign only where such a text begins or continues: elsewhere it is
   * a comparison.
   */
  private static final Pattern PARAMETER =
      Pattern.compile(
          "(?im)(?:^|[^A-Za-z0-9])%1$s=%2$s|(?:^|;\\s{0,5}|=\\s{0,5}[^\\s=]{1,200}\\s)%1$s\\s{0,5}=\\s{0,5}%2$s"
              .formatted(
                  "(?:[a-z0-9]{0,40}(?:password|passwd)|pwd|secret|client[_-]?secret|token|access[_-]?token"
                      + "|api[_-]?key|sig|signature|sharedaccesskey|sharedaccesssignature"
                      + "|account[_-]?key|secret[_-]?key)",
                  "(['\"]?[^&;,\\s'\"]+)"));

  /** Entries of JSON and of YAML inside a text; group 1 is the key, group 2 the value. */
  private static final List<Pattern> ENTRIES =
      List.of(
          Pattern.compile(
              "[\"']([A-Za-z][A-Za-z0-9_.-]{0,79})\\\\?[\"']\\s{0,5}:\\s{0,5}"
                  + "(\\\\?\"[^\"\\n]{1,500}|'[^'\\n]{1,500}|[^\"'\\\\,{}\\[\\]\\s]{1,500})"),
          Pattern.compile(
              "(?m)(?:^|[{,])[ \\t-]{0,40}([A-Za-z][A-Za-z0-9_.-]{0,79})[ \\t]{0,5}:[ \\t]{1,5}"
                  + "(\"[^\"\\n]{1,500}\"|'[^'\\n]{1,500}'|[^\"',{}\\[\\]\\s]{1,500})"
                  + "[ \\t]{0,5}(?=$|[,}#\\r])"));

  private static final Set<String> NO_VALUES =
      setOf("true false null none required optional string text");

  private static final Pattern AUTHORIZES =
      Pattern.compile(
          "(?i)\\s{0,5}(basic|bearer|token|digest|negotiate|ntlm|apikey|api-key|splunk|hawk|dpop"
              + "|aws4-hmac-sha256)\\s{1,5}(?!auth)\\S.*",
          Pattern.DOTALL);

  private SecretWords() {}

  /** How far a secret goes beyond what its pattern finds of it. */
  private enum Rest {
    WORD,
    LINE,
    TEXT
  }

  private record SecretShape(String words, Pattern pattern, Rest rest) {
    /** Where the secret ends that begins with a match. */
    int end(String text, int end) {
      if (rest == Rest.TEXT) {
        return text.length();
      }
      int at = end;
      while (at < text.length()
          && (rest == Rest.LINE
              ? text.charAt(at) != '\n'
              : !Character.isWhitespace(text.charAt(at)))) {
        at++;
      }
      return at;
    }
  }

  private static SecretShape shape(String words, Rest rest, String pattern) {
    return new SecretShape(words, Pattern.compile(pattern), rest);
  }

  private static Set<String> setOf(String... words) {
    return Set.of(String.join(" ", words).split(" "));
  }

  /** Whether a secret stands under a key of this name. */
  public static boolean names(String key) {
    var words = words(key);
    if (REFERENCE.matcher(words).matches() || KEY_OF_A_SECRET.matcher(words).matches()) {
      return false;
    }
    var plain = words;
    while (true) {
      int cut = plain.lastIndexOf('_');
      var last = plain.substring(cut + 1);
      if (ABOUT.contains(last)) {
        return false;
      }
      if (LAST.contains(last) || END.matcher(plain.replace("_", "")).matches()) {
        return true;
      }
      if (plain.endsWith("service_account") && !plain.equals(words)) {
        return true;
      }
      if (cut < 0 || !FORMATS.contains(last)) {
        return false;
      }
      plain = plain.substring(0, cut);
    }
  }

  /** What kind of secret a text is or holds, by its shape alone; empty where it looks harmless. */
  public static Optional<String> shape(String text) {
    for (var shape : SHAPES) {
      if (shape.pattern().matcher(text).find()) {
        return Optional.of(shape.words());
      }
    }
    for (var found = USER_INFO.matcher(text); found.find(); ) {
      if (!placeholder(found.group(last(found)))) {
        return Optional.of("a URL with a password");
      }
    }
    for (var found = PARAMETER.matcher(text); found.find(); ) {
      if (!placeholder(found.group(last(found)))) {
        return Optional.of("a connection string with a password");
      }
    }
    for (var entry : ENTRIES) {
      for (var found = entry.matcher(text); found.find(); ) {
        if (secretEntry(found)) {
          return Optional.of("an entry with a secret");
        }
      }
    }
    return Optional.empty();
  }

  /**
   * A text of somebody else's making, for example a line of a log, without secrets of known shapes.
   */
  public static String redacted(String text) {
    var safe = text;
    for (var shape : SHAPES) {
      var found = shape.pattern().matcher(safe);
      if (!found.find()) {
        continue;
      }
      var parts = new StringBuilder();
      int from = 0;
      do {
        if (found.start() >= from) {
          parts.append(safe, from, found.start()).append(MASK);
          from = shape.end(safe, found.end());
        }
      } while (found.find());
      safe = parts.append(safe, from, safe.length()).toString();
    }
    for (var entry : ENTRIES) {
      safe = hide(entry, safe, SecretWords::secretEntry);
    }
    for (var pattern : List.of(USER_INFO, PARAMETER)) {
      safe = hide(pattern, safe, found -> !placeholder(found.group(last(found))));
    }
    return safe;
  }

  /** Masks the last group of each match that is a secret. */
  private static String hide(Pattern pattern, String text, Predicate<Matcher> secret) {
    var parts = new StringBuilder();
    int from = 0;
    for (var found = pattern.matcher(text); found.find(); ) {
      if (secret.test(found)) {
        parts.append(text, from, found.start(last(found))).append(MASK);
        from = found.end(last(found));
      }
    }
    return parts.append(text, from, text.length()).toString();
  }

  /** The last group that is there. */
  private static int last(Matcher found) {
    int group = found.groupCount();
    while (found.start(group) < 0) {
      group--;
    }
    return group;
  }

  private static boolean secretEntry(Matcher found) {
    var value = found.group(2).replaceAll("^\\\\?[\"']|\\\\?[\"']?$", "");
    var key = found.group(1);
    return names(key)
        && !placeholder(value)
        && !NO_VALUES.contains(value.toLowerCase(Locale.ROOT))
        && (!authorization(key) || authorizes(value));
  }

  /**
   * Whether a key is the word {@code authorization} alone: it names a header, and as often the
   * rules of who may do what.
   */
  public static boolean authorization(String key) {
    return words(key).equals("authorization");
  }

  /**
   * Whether a text is the value of a header {@code Authorization}, by the scheme it begins with.
   */
  public static boolean authorizes(String text) {
    return AUTHORIZES.matcher(text).matches();
  }

  /** Whether a key beside or below such a key names what is known of a secret, not the secret. */
  public static boolean about(String key) {
    var words = words(key);
    return ABOUT.contains(words.substring(words.lastIndexOf('_') + 1)) || BESIDE.contains(words);
  }

  /** Whether a text only says where its value comes from. */
  public static boolean placeholder(String text) {
    return text.isBlank() || PLACEHOLDER.matcher(text).matches();
  }

  /** {@code clientSecret}, {@code client-secret}, {@code CLIENT_SECRET2}: {@code client_secret}. */
  private static String words(String key) {
    return CAMEL
        .matcher(key)
        .replaceAll("_")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9]+", "_")
        .replaceAll("_*[0-9]*_?$", "");
  }
}
