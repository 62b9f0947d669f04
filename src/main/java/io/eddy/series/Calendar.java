package io.eddy.series;

import java.time.Duration;
import java.time.LocalDate;

/**
 * Calendar covariates of a local time: Fourier terms of the day and of the week, and a weekend
 * flag; Fourier terms of the year for calendar intervals from a week to a quarter.
 *
 * <p>Each period that spans at least four intervals contributes sin and cos of 2πk·phase for the
 * harmonics k = 1 … 3. A series sampled daily or more slowly therefore has no time-of-day terms.
 * {@link StrictMath} gives the same bits on every JDK.
 */
public final class Calendar {
  private static final long DAY_MS = Duration.ofDays(1).toMillis();
  private static final long WEEK_MS = Duration.ofDays(7).toMillis();

  /** Offset from the start of a week (Monday) to 1970-01-01, which was a Thursday. */
  private static final long WEEK_SHIFT_MS = Duration.ofDays(3).toMillis();

  private static final int HARMONICS = 3;
  private static final int MONTHS = 12;
  private static final long MAX_TABLE_ROWS = 10_080;

  private final boolean hasDay;
  private final boolean hasWeek;
  private final boolean hasYear;
  private final int size;
  private final long intervalMs;
  private final float[] table;

  /** Creates the covariates that are defined at the given sampling interval. */
  public Calendar(Interval interval) {
    intervalMs = interval.meanLength().toMillis();
    hasDay = intervalMs * 4 <= DAY_MS;
    hasWeek = intervalMs * 4 <= WEEK_MS;
    hasYear = !interval.isFixed() && !hasWeek && intervalMs * 4 <= TimeOfYear.YEAR_MS;
    size =
        (hasDay ? 2 * HARMONICS : 0)
            + (hasWeek ? 2 * HARMONICS + 1 : 0)
            + (hasYear ? 2 * HARMONICS : 0);
    long rows = WEEK_MS % intervalMs == 0 ? WEEK_MS / intervalMs : 0;
    table = new float[rows <= MAX_TABLE_ROWS ? (int) rows * size : 0];
    for (int row = 0; row * size < table.length; row++) {
      compute(row * intervalMs, table, row * size);
    }
  }

  /** Returns the number of values that {@link #write} writes. */
  public int size() {
    return size;
  }

  /**
   * Writes the covariates of a local time into {@code out}, starting at {@code offset}.
   *
   * @param localMs epoch milliseconds of the same time in UTC
   */
  public void write(long localMs, float[] out, int offset) {
    if (hasYear) {
      var unused = fourier(phaseOfYear(localMs), out, offset);
      return;
    }
    long phaseMs = Math.floorMod(localMs + WEEK_SHIFT_MS, WEEK_MS);
    if (table.length > 0 && phaseMs % intervalMs == 0) {
      System.arraycopy(table, (int) (phaseMs / intervalMs) * size, out, offset, size);
    } else {
      compute(phaseMs, out, offset);
    }
  }

  private void compute(long phaseMs, float[] out, int offset) {
    int at = offset;
    if (hasDay) {
      at = fourier((double) (phaseMs % DAY_MS) / DAY_MS, out, at);
    }
    if (hasWeek) {
      at = fourier((double) phaseMs / WEEK_MS, out, at);
      out[at] = phaseMs >= 5 * DAY_MS ? 1 : 0;
    }
  }

  /** Returns the elapsed fraction of the year; months are equally long. */
  private static double phaseOfYear(long localMs) {
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(localMs, DAY_MS));
    return (date.getMonthValue() - 1 + (date.getDayOfMonth() - 1) / (double) date.lengthOfMonth())
        / MONTHS;
  }

  private static int fourier(double phase, float[] out, int offset) {
    int at = offset;
    for (int k = 1; k <= HARMONICS; k++) {
      out[at++] = (float) StrictMath.sin(2 * Math.PI * k * phase);
      out[at++] = (float) StrictMath.cos(2 * Math.PI * k * phase);
    }
    return at;
  }
}
