package io.eddy.kafka.verify;

import io.eddy.kafka.record.SourcePosition;
import org.jspecify.annotations.Nullable;

/**
 * Something that is not as the replay has it.
 *
 * @param kind lost, duplicated, unexpected or different
 * @param series of the event, or where there is none of the forecast
 * @param event where the event stands, or should; null where the forecast names none
 * @param forecast where the forecast stands; null where it is missing
 */
public record VerifyDifference(
    VerifyCount kind,
    String series,
    @Nullable SourcePosition event,
    @Nullable SourcePosition forecast,
    Mismatch mismatch) {

  /**
   * What should stand there and what does.
   *
   * @param field of the forecast
   * @param step ahead, from 1; 0 where the field is no value
   * @param level quantile level of the value, or its class; null where it has none
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
              : "%s %d steps ahead%s"
                  .formatted(field, step, level == null ? "" : " at level " + level);
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
