package io.eddy.engine;

import io.eddy.series.OpenStep;

/**
 * A closed step that may still be revised.
 *
 * @param previousStep the measured step before it, or {@link #NONE}
 * @param revision of the forecast made after this step
 * @param step with its observations; must not be modified
 */
public record UndoStep(long previousStep, int revision, OpenStep step) {
  /** Stands for no step. */
  public static final long NONE = Long.MIN_VALUE;
}
