package io.eddy.evaluation.combination;

import io.eddy.forecast.combination.ComponentState;
import io.eddy.forecast.combination.SimpleComponents;
import io.eddy.model.CombinationSpec;
import io.eddy.model.Model;
import io.eddy.model.Scaling;
import io.eddy.model.SeriesPast;
import io.eddy.series.Covariates;
import io.eddy.series.Window;
import io.eddy.series.store.InMemorySeriesStore;

/** Runs the simple forecasts over the values of one series, as the stream does. */
final class SimpleRun {
  private final Scaling scaling;
  private final Window window;
  private final SeriesPast past;
  private final ComponentState state;
  private final SimpleComponents components;

  SimpleRun(CombinationSpec spec, Model model) {
    scaling = model.member(0).encoder().scaling();
    window = new Window(model.specification().contextLength(), new InMemorySeriesStore());
    past = SeriesPast.of(window, model.specification());
    state = new ComponentState(spec);
    components = new SimpleComponents(spec, scaling);
  }

  /** Appends the value of the next step; NaN if it was not measured. */
  void observe(double value) {
    boolean isMissing = Double.isNaN(value);
    if (isMissing && window.size() == 0) {
      return;
    }
    double known = isMissing ? window.value(0) : value;
    if (isMissing) {
      past.updateMissing();
    } else {
      past.update(value, Covariates.NONE, scaling);
    }
    float[] means = components.observe(state, past.transformed(known, scaling), isMissing, past);
    window.append(known, isMissing, Covariates.NONE, means);
  }

  /** Begins a forecast from the last step. */
  void begin() {
    components.begin(state, past.transformedAt(0, scaling), unit());
  }

  /** Returns the transformed points of the next step ahead; overwritten by the next call. */
  double[] next() {
    return components.next(state, past);
  }

  /** Returns a transformed value. */
  double transformed(double value) {
    return past.transformed(value, scaling);
  }

  /** Returns the unit of the model's corrections, above 0. */
  double unit() {
    return past.unit(scaling);
  }
}
