package io.eddy.cli.plot;

/**
 * Maps values to pixels linearly.
 *
 * @param from value at pixel {@code begin}
 * @param to value at pixel {@code end}
 */
record LinearScale(double from, double to, double begin, double end) {
  /** Returns the pixel of a value. */
  double pixel(double value) {
    return begin + (value - from) / (to - from) * (end - begin);
  }

  /** Returns the position of a time. */
  double pixel(long timeMs) {
    return pixel((double) timeMs);
  }
}
