package dev.floe.contract.schema;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A kind of document that people write, and its JSON Schema, for editors. */
public enum DocumentSchema {
  /** A platform: {@code floe platform deploy -f}. */
  MANIFEST("manifest"),

  /** A run: {@code floe run submit -f}. */
  RUN("run"),

  /** A system that can be deployed: {@code blueprint.yaml}. */
  BLUEPRINT("blueprint");

  private final String document;

  DocumentSchema(String document) {
    this.document = document;
  }

  /** As commands and routes call it, for example {@code manifest}. */
  public String document() {
    return document;
  }

  /** JSON Schema 2020-12. */
  public String text() {
    var file = document + ".schema.json";
    try (var in = DocumentSchema.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
