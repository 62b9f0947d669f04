package io.eddy.forecast.anomaly;

/** The kind of an anomaly. */
public enum AnomalyKind {
  SPIKE("spike"),
  LEVEL_SHIFT("level shift"),
  VARIANCE_CHANGE("change of variance"),
  FLAT_LINE("flat line"),
  BROKEN_SEASON("broken season"),
  MISSING_DATA("missing data"),
  SILENCE("silence");

  private final String text;

  AnomalyKind(String text) {
    this.text = text;
  }

  /** Returns the name in plain words. */
  public String text() {
    return text;
  }

  /** Returns whether values are absent. */
  boolean isAbsence() {
    return this == MISSING_DATA || this == SILENCE;
  }
}
