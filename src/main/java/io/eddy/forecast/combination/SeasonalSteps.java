package io.eddy.forecast.combination;

import io.eddy.model.Scaling;
import io.eddy.model.SeriesPast;
import io.eddy.series.Window;

/**
 * Reads the steps one season before those that are forecast, in blocks of {@value #BLOCK}, because
 * finding a step in the window costs more than reading it. Used by one thread.
 */
final class SeasonalSteps {
  private static final int BLOCK = 16;

  private final int season;
  private final Scaling scaling;
  private final double[] values = new double[BLOCK];
  private final float[] offsets = new float[BLOCK];

  /** Lag of the first step of the block. */
  private int firstLag;

  /** Number of steps of the block. */
  private int count;

  /**
   * Creates a reader.
   *
   * @param season index of the season among those of the combination
   */
  SeasonalSteps(int season, Scaling scaling) {
    this.season = season;
    this.scaling = scaling;
  }

  /** Forgets what was read: the window changed. */
  void clear() {
    count = 0;
  }

  /**
   * Returns the position in the block of a step of the window. Reads a block from that step on if
   * it is not in the present one.
   *
   * @param lag less than the size of the window
   */
  int indexOf(int lag, SeriesPast past) {
    int index = firstLag - lag;
    if (index >= 0 && index < count) {
      return index;
    }
    firstLag = lag;
    count = Math.min(BLOCK, lag + 1);
    Window window = past.window();
    window.copyValues(lag, count, values);
    window.copySeasonalMeans(lag, count, season, offsets);
    for (int i = 0; i < count; i++) {
      values[i] = past.transformed(values[i], scaling);
    }
    return 0;
  }

  /** Returns the transformed value of a step of the block. */
  double value(int index) {
    return values[index];
  }

  /** Returns the seasonal mean at a step of the block; its value if no mean is stored. */
  double mean(int index) {
    float offset = offsets[index];
    return values[index] + (Float.isNaN(offset) ? 0 : offset);
  }
}
