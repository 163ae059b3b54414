package dev.floe.platform.manifest;

/**
 * A secret that was written into a manifest.
 *
 * @param pointer where it stood
 * @param secret name of the Secret it goes to, without the platform's namespace
 * @param key in that Secret
 * @param value never printed
 */
public record InlineSecret(String pointer, String secret, String key, String value) {
  @Override
  public String toString() {
    return "InlineSecret[%s → %s/%s]".formatted(pointer, secret, key);
  }
}
