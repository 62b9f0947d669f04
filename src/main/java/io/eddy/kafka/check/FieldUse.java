package io.eddy.kafka.check;

import java.util.Locale;

/** Possible use of a field of a sample. */
public enum FieldUse {
  /** Numbers that may be measured values. */
  MEASURED,
  /** Times. */
  TIME,
  /** The same value in all events. */
  CONSTANT,
  /** Integers that increase by 1 from event to event. */
  COUNTER,
  /** Numbers with the name of an identifier or a number to count with. */
  IDENTIFIER,
  /** Integers of which no two are the same, such as a primary key. */
  UNIQUE,
  /** Numbers with the name of a time that are none. */
  OTHER_NUMBER,
  /** Words of two states, or true and false. */
  STATE,
  /** Text. */
  TEXT;

  /** Returns the name in reports. */
  public String id() {
    return this == OTHER_NUMBER ? "number" : name().toLowerCase(Locale.ROOT);
  }
}
