package io.eddy.forecast.step;

import io.eddy.series.OpenStep;

/** Is told what becomes of a series' state, step by step, so that it can be taken back. */
public interface StepListener {
  /** Keeps nothing. */
  StepListener NONE =
      new StepListener() {
        @Override
        public void closing(SeriesState state, OpenStep step) {}

        @Override
        public void beganAnew() {}
      };

  /**
   * A step is about to close.
   *
   * @param state as it is before; not to be modified
   * @param step all that was measured in it
   */
  void closing(SeriesState state, OpenStep step);

  /** The state becomes another version's, or one of another grid. */
  void beganAnew();
}
