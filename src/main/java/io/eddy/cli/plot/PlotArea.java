package io.eddy.cli.plot;

/**
 * The size of a plot and its drawing area, in pixels from the top left corner.
 *
 * @param left left edge of the drawing area
 * @param right right edge
 * @param top top edge
 * @param bottom bottom edge
 */
record PlotArea(int width, int height, int left, int right, int top, int bottom) {
  /** The area of every plot: that of a slide, with a title, a subtitle and a legend at the top. */
  static final PlotArea SLIDE = new PlotArea(960, 540, 90, 936, 104, 470);

  /** Baseline of the legend. */
  static final int LEGEND_BASELINE = 86;

  /** Returns a scale from left to right. */
  LinearScale horizontal(double from, double to) {
    return new LinearScale(from, to, left, right);
  }

  /** Returns a scale of times from left to right. */
  LinearScale horizontal(long fromMs, long toMs) {
    return horizontal((double) fromMs, (double) toMs);
  }

  /** Returns a scale from bottom to top. */
  LinearScale vertical(double from, double to) {
    return new LinearScale(from, to, bottom, top);
  }
}
