package io.eddy.model;

import io.eddy.cell.Linear;

/**
 * The linear head: o = W h + b, read as a point, as quantiles or as a distribution for each of J
 * steps.
 *
 * <p>Weights are kept transposed, [H, J·R] with a row for each hidden unit, so that the product is
 * an axpy over contiguous rows; R is the number of raw outputs a step. Raw output j·R + r belongs
 * to step j + 1, and so does value j·Q + k. Immutable and shared.
 */
public final class Head {
  private final Linear linear;
  private final Readout readout;
  private final int horizon;
  private final int rawPerStep;
  private final int valuesPerStep;

  /** A head: {@code linear} is [H → J·R]. */
  public Head(ModelSpecification.Output output, Linear linear) {
    if (linear.outputSize() != output.rawSize()) {
      throw new IllegalArgumentException(
          "head: expected %d outputs, got %d".formatted(output.rawSize(), linear.outputSize()));
    }
    this.linear = linear;
    readout = Readout.of(output);
    horizon = output.horizon();
    rawPerStep = output.rawPerStep();
    valuesPerStep = output.valuesPerStep();
  }

  /** The layer [H → J·R]. */
  public Linear linear() {
    return linear;
  }

  /** J·R: raw outputs. */
  public int rawSize() {
    return linear.outputSize();
  }

  /** J·Q: values forecast. */
  public int outputSize() {
    return horizon * valuesPerStep;
  }

  /**
   * Scaled forecast of a hidden state.
   *
   * @param hidden h [H] from {@code offset} on; not modified
   * @param raw [J·R]; modified
   * @param out [J·Q]; modified
   */
  public void apply(float[] hidden, int offset, float[] raw, float[] out) {
    linear.apply(hidden, offset, raw);
    for (int step = 0; step < horizon; step++) {
      readout.read(raw, step * rawPerStep, out, step * valuesPerStep);
    }
  }
}
