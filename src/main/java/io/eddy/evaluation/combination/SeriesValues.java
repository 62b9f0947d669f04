package io.eddy.evaluation.combination;

import io.eddy.model.Model;
import io.eddy.model.Scaling;
import io.eddy.model.SeriesPast;
import io.eddy.series.SteppedSeries;
import io.eddy.series.Window;
import io.eddy.series.store.InMemorySeriesStore;

/**
 * The values of a series as a model sees them. The arrays are not copied.
 *
 * @param values [T] transformed values; a missing step repeats the last value
 * @param isMeasured [T] whether a step was measured
 * @param units [T] unit of the model's corrections after each step, above 0
 */
record SeriesValues(double[] values, boolean[] isMeasured, double[] units) {
  /** Returns the values of a series from index {@code from} to {@code end}, exclusive. */
  static SeriesValues of(SteppedSeries series, int from, int end, Model model) {
    Scaling scaling = model.member(0).encoder().scaling();
    Window window = new Window(model.specification().contextLength(), new InMemorySeriesStore());
    SeriesPast past = SeriesPast.of(window, model.specification());
    double[] values = new double[end - from];
    double[] units = new double[end - from];
    boolean[] isMeasured = new boolean[end - from];
    for (int t = 0; t < values.length; t++) {
      double value = series.values()[from + t];
      isMeasured[t] = !Double.isNaN(value);
      if (isMeasured[t]) {
        values[t] = past.transformed(value, scaling);
        past.observe(value, scaling);
      } else {
        values[t] = t > 0 ? values[t - 1] : 0;
        past.impute(window.size() > 0 ? window.value(0) : 0);
      }
      units[t] = past.unit(scaling);
    }
    return new SeriesValues(values, isMeasured, units);
  }

  int size() {
    return values.length;
  }
}
