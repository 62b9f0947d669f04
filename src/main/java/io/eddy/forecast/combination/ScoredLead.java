package io.eddy.forecast.combination;

/**
 * Chooses the step ahead that a group scores in the forecast from an origin.
 *
 * <p>The steps ahead are those of the multiples of the golden ratio, a Weyl sequence: they are
 * spread evenly over the group, and no season of the origins, whatever its length, is aligned with
 * them. A choice by turns would score some steps ahead only at some times of the season.
 */
public final class ScoredLead {
  /** The golden ratio's fraction, 2^64 / φ. */
  private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

  private static final int BITS = 24;

  private ScoredLead() {}

  /**
   * Returns a step ahead from {@code first} to {@code last}.
   *
   * @param origin index of the step that the forecast is made from
   */
  public static int of(int first, int last, long origin) {
    long fraction = (origin * GOLDEN_RATIO) >>> (Long.SIZE - BITS);
    return first + (int) (((last - first + 1) * fraction) >>> BITS);
  }
}
