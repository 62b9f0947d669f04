package io.eddy.model;

/**
 * Turns the raw outputs of the decoder for one step ahead into forecast values. Immutable and
 * shared.
 */
public sealed interface Readout
    permits PointReadout, QuantileReadout, DistributionReadout, CountReadout, SoftmaxReadout {
  /**
   * Computes the values of one step.
   *
   * @param raw outputs [R], starting at {@code from}; not modified
   * @param values [Q], starting at {@code at}; modified
   */
  void read(float[] raw, int from, float[] values, int at);

  /** Returns the readout of an output. */
  static Readout of(ModelSpecification.Output output) {
    return switch (output.head()) {
      case POINT -> new PointReadout();
      case QUANTILES -> new QuantileReadout(output.quantileLevels());
      case GAUSSIAN, STUDENT_T -> new DistributionReadout(output);
      case NEGATIVE_BINOMIAL -> new CountReadout(output);
      case SOFTMAX -> new SoftmaxReadout(output.classes());
    };
  }
}
