package io.eddy.series;

/**
 * How far the year has gone: 1, sin 2πφ and cos 2πφ with φ the share of it that is over.
 *
 * <p>A year is that of the Gregorian calendar on average, 365.2425 days, and begins with 1970 UTC.
 * {@link StrictMath} gives the same bits on every JDK.
 */
public final class TimeOfYear {
  /** How many numbers {@link #write} writes. */
  public static final int SIZE = 3;

  /** Milliseconds of a year. */
  public static final long YEAR_MS = 31_556_952_000L;

  private TimeOfYear() {}

  /** Writes those of {@code timestampMs}, times {@code weight}, from {@code offset} on. */
  public static void write(long timestampMs, float weight, float[] out, int offset) {
    double phase = 2 * Math.PI * Math.floorMod(timestampMs, YEAR_MS) / YEAR_MS;
    out[offset] = weight;
    out[offset + 1] = (float) (weight * StrictMath.sin(phase));
    out[offset + 2] = (float) (weight * StrictMath.cos(phase));
  }
}
