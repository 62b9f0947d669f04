package io.eddy.model;

/**
 * Turns the raw outputs of the head's linear layer for one step ahead into the values forecast.
 * Immutable and shared.
 */
public sealed interface Readout
    permits PointReadout, QuantileReadout, DistributionReadout, SoftmaxReadout {
  /**
   * Reads one step.
   *
   * @param raw outputs from {@code from} on; not modified
   * @param values modified from {@code at} on
   */
  void read(float[] raw, int from, float[] values, int at);

  /** The one of an output. */
  static Readout of(ModelSpecification.Output output) {
    return switch (output.head()) {
      case POINT -> new PointReadout();
      case QUANTILES -> new QuantileReadout(output.quantileLevels());
      case GAUSSIAN, STUDENT_T -> new DistributionReadout(output);
      case SOFTMAX -> new SoftmaxReadout(output.classes());
    };
  }
}
