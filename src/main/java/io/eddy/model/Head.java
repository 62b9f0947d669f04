package io.eddy.model;

import io.eddy.series.FutureCovariates;

/**
 * The head: raw outputs of the hidden state by a {@link Decoder}, read as a point, as quantiles or
 * as a distribution for each of J steps.
 *
 * <p>R is the number of raw outputs a step. Raw output j·R + r belongs to step j + 1, and so does
 * value j·Q + k. Immutable and shared.
 */
public final class Head {
  private final Decoder decoder;
  private final Readout readout;
  private final int horizon;
  private final int rawPerStep;
  private final int valuesPerStep;

  /** A head: {@code decoder} is of the specification's sizes. */
  public Head(ModelSpecification specification, Decoder decoder) {
    Decoder.Sizes sizes = Decoder.Sizes.of(specification);
    if (!decoder.sizes().equals(sizes)) {
      throw new IllegalArgumentException(
          "head: expected %s, got %s".formatted(sizes, decoder.sizes()));
    }
    ModelSpecification.Output output = specification.output();
    this.decoder = decoder;
    readout = Readout.of(output);
    horizon = output.horizon();
    rawPerStep = output.rawPerStep();
    valuesPerStep = output.valuesPerStep();
  }

  /** What makes the raw outputs. */
  public Decoder decoder() {
    return decoder;
  }

  /** Scratch space for one thread. */
  public HeadWorkspace newWorkspace() {
    return new HeadWorkspace(decoder.sizes(), horizon * valuesPerStep);
  }

  /**
   * Lets the next forecasts know what is known ahead; nothing where the decoder looks at none.
   *
   * @param covariates those of the series; not modified
   * @param workspace modified
   */
  public void setFutureCovariates(
      CovariateState covariates, FutureCovariates ahead, HeadWorkspace workspace) {
    if (workspace.ahead.length > 0) {
      covariates.writeFuture(ahead, horizon, workspace.ahead, 0);
    }
  }

  /**
   * Scaled forecast of a hidden state. Allocates nothing.
   *
   * @param hidden h [H] from {@code offset} on; not modified
   * @param origin the last step known, on its grid
   * @param workspace that was told what is known ahead; modified, holds the forecast afterwards
   */
  public void apply(float[] hidden, int offset, long origin, HeadWorkspace workspace) {
    decoder.apply(hidden, offset, origin, workspace);
    for (int j = 0; j < horizon; j++) {
      readout.read(workspace.raw, j * rawPerStep, workspace.forecast(), j * valuesPerStep);
    }
  }
}
