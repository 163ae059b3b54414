package dev.floe.contract.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What a run does. */
public enum RunKind {
  DBT_RUN("dbt-run"),
  DBT_TEST("dbt-test"),
  QUALITY_CHECK("quality-check"),
  INGESTION("ingestion"),
  CUSTOM("custom");

  private final String value;

  RunKind(String value) {
    this.value = value;
  }

  @JsonValue
  public String value() {
    return value;
  }

  /**
   * @throws IllegalArgumentException for a kind that is not in the list, naming the list
   */
  @JsonCreator
  public static RunKind of(String value) {
    for (RunKind kind : values()) {
      if (kind.value.equals(value)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "'%s' is not a kind of run; write one of dbt-run, dbt-test, quality-check, ingestion, custom"
            .formatted(value));
  }
}
