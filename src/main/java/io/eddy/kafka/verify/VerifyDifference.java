package io.eddy.kafka.verify;

import io.eddy.kafka.record.SourcePosition;
import org.jspecify.annotations.Nullable;

/**
 * A difference between the forecasts topic and the replay.
 *
 * @param kind lost, duplicated, unexpected or different
 * @param series the event's series, or the forecast's if there is no event
 * @param event position of the event; null if the forecast names none
 * @param forecast position of the forecast; null if it is missing
 */
public record VerifyDifference(
    VerifyCount kind,
    String series,
    @Nullable SourcePosition event,
    @Nullable SourcePosition forecast,
    Mismatch mismatch) {

  /**
   * The first field that differs.
   *
   * @param field the field's name
   * @param step steps ahead, from 1; 0 if the field is not a value
   * @param level quantile level or class of the value; null if it has neither
   */
  public record Mismatch(
      String field, int step, @Nullable Double level, String expected, String found) {
    static Mismatch of(String field, Object expected, Object found) {
      return new Mismatch(field, 0, null, expected.toString(), found.toString());
    }

    @Override
    public String toString() {
      String where =
          step == 0
              ? field
              : "%s at step %d%s".formatted(field, step, level == null ? "" : ", level " + level);
      return "%s: expected %s, found %s".formatted(where, expected, found);
    }
  }

  @Override
  public String toString() {
    return "%s: series %s, event %s, forecast %s, %s"
        .formatted(
            kind.id(),
            series,
            event == null ? "-" : event,
            forecast == null ? "-" : forecast,
            mismatch);
  }
}
