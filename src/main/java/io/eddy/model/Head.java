package io.eddy.model;

import io.eddy.series.FutureCovariates;

/**
 * The head of a net. A {@link Decoder} computes raw outputs from the hidden state, and a {@link
 * Readout} turns those of each step ahead into a point, quantiles or class probabilities.
 *
 * <p>Raw output j·R + r and value j·Q + k belong to step j + 1. Immutable and shared.
 */
public final class Head {
  private final Decoder decoder;
  private final Readout readout;
  private final int horizon;
  private final int rawPerStep;
  private final int valuesPerStep;

  /** Creates a head. The decoder must have the sizes of the specification. */
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

  /** Returns the decoder. */
  public Decoder decoder() {
    return decoder;
  }

  /** Creates scratch space for one thread. */
  public HeadWorkspace newWorkspace() {
    return new HeadWorkspace(decoder.sizes(), horizon * valuesPerStep);
  }

  /**
   * Sets the known-future covariates of the next forecasts. Does nothing if the decoder takes none.
   *
   * @param covariates state of the series' covariates; not modified
   * @param future known numbers of the steps ahead
   * @param workspace modified
   */
  public void setFutureCovariates(
      CovariateState covariates, FutureCovariates future, HeadWorkspace workspace) {
    if (workspace.future.length > 0) {
      covariates.writeFuture(future, horizon, workspace.future, 0);
    }
  }

  /**
   * Computes the scaled forecast of a hidden state. Allocates nothing.
   *
   * @param hidden h [H], starting at {@code offset}; not modified
   * @param origin index of the last step
   * @param workspace with the known-future covariates set; holds the forecast afterwards
   */
  public void apply(float[] hidden, int offset, long origin, HeadWorkspace workspace) {
    decoder.apply(hidden, offset, origin, workspace);
    for (int j = 0; j < horizon; j++) {
      int from = j * rawPerStep;
      if (readout instanceof CountReadout counts) {
        workspace.means[j] =
            counts.read(
                workspace.raw, from, workspace.rate, workspace.forecast(), j * valuesPerStep);
      } else {
        readout.read(workspace.raw, from, workspace.forecast(), j * valuesPerStep);
      }
    }
  }
}
