package io.eddy.kafka.event;

import io.eddy.series.InvalidRecordException;
import io.eddy.series.NumberText;

/** Reads numbers from texts and truth values of value and covariate fields. */
final class FieldNumbers {
  private final ValueWords words;

  FieldNumbers(ValueWords words) {
    this.words = words;
  }

  /**
   * Returns the number in a text; NaN if the text stands for a missing value.
   *
   * @throws InvalidRecordException if it is neither a number nor one of the words
   */
  double ofText(String field, String text) {
    Double number = words.number(text);
    if (number != null) {
      return number;
    }
    if (NumberText.isNumber(text)) {
      return NumberText.parse(text);
    }
    if (NumberText.isMissing(text)) {
      return Double.NaN;
    }
    boolean isWord = text.chars().noneMatch(Character::isDigit);
    throw new InvalidRecordException(
            isWord
                ? "%s: expected a number; events.value-words gives numbers for words"
                : "%s: expected a number",
            field)
        .got("'" + text + "'");
  }

  /**
   * Returns the number that a truth value stands for.
   *
   * @throws InvalidRecordException if it stands for none
   */
  double ofValue(String field, boolean truth) {
    Double number = words.number(Boolean.toString(truth));
    if (number == null) {
      throw new InvalidRecordException(
          "field %s: expected a number, got a Boolean; events.value-words gives numbers for true and"
              + " false",
          field);
    }
    return number;
  }

  /** Returns the number that a truth value of a covariate stands for, by default 1 or 0. */
  double ofCovariate(boolean truth) {
    Double number = words.number(Boolean.toString(truth));
    return number == null ? (truth ? 1 : 0) : number;
  }
}
