package io.eddy.forecast.step;

import io.eddy.series.OpenStep;

/** Receives notice of changes to a series' state before they happen. */
public interface StepListener {
  /** Ignores all changes. */
  StepListener NONE =
      new StepListener() {
        @Override
        public void closing(SeriesState state, OpenStep step) {}

        @Override
        public void restarting() {}
      };

  /**
   * A step is about to close.
   *
   * @param state before the step; must not be modified
   * @param step with its observations
   */
  void closing(SeriesState state, OpenStep step);

  /** The state is about to change to another version or sampling grid. */
  void restarting();
}
