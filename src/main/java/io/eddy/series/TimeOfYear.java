package io.eddy.series;

/**
 * Annual seasonality covariates: 1, sin 2πφ and cos 2πφ, where φ is the elapsed fraction of the
 * year.
 *
 * <p>A year is the mean Gregorian year of 365.2425 days, and φ = 0 at 1970-01-01 UTC. {@link
 * StrictMath} gives the same bits on every JDK.
 */
public final class TimeOfYear {
  /** Number of values that {@link #write} writes. */
  public static final int SIZE = 3;

  /** Length of a year in milliseconds. */
  public static final long YEAR_MS = 31_556_952_000L;

  private TimeOfYear() {}

  /**
   * Writes the covariates of {@code timestampMs}, multiplied by {@code weight}, starting at {@code
   * offset}.
   */
  public static void write(long timestampMs, float weight, float[] out, int offset) {
    double phase = 2 * Math.PI * Math.floorMod(timestampMs, YEAR_MS) / YEAR_MS;
    out[offset] = weight;
    out[offset + 1] = (float) (weight * StrictMath.sin(phase));
    out[offset + 2] = (float) (weight * StrictMath.cos(phase));
  }
}
