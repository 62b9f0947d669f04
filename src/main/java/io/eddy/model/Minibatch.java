package io.eddy.model;

/**
 * Origins and known-future covariates of B sequences of T steps. A trainer overwrites the arrays
 * for every chunk.
 */
public final class Minibatch {
  private final long[] origins;
  private final float[] futureCovariates;

  /** Creates a batch without known-future covariates; {@code origins} [B] is not copied. */
  public Minibatch(long[] origins) {
    this(origins, new float[0]);
  }

  /**
   * Creates a batch; the arrays are not copied.
   *
   * @param origins forecast origin of each sequence at the first of the T steps [B]
   * @param futureCovariates of every step, from {@link CovariateState#writeFuture} [T, B, (J +
   *     1)·F]
   */
  public Minibatch(long[] origins, float[] futureCovariates) {
    this.origins = origins;
    this.futureCovariates = futureCovariates;
  }

  /** B: number of sequences. */
  public int size() {
    return origins.length;
  }

  /** Returns the origin of each sequence at the first of the T steps [B]; not a copy. */
  public long[] origins() {
    return origins;
  }

  /** Returns the known-future covariates of every step [T, B, (J + 1)·F]; not a copy. */
  public float[] futureCovariates() {
    return futureCovariates;
  }
}
