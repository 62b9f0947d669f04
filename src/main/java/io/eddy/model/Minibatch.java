package io.eddy.model;

/**
 * Where the forecasts of B lanes of T steps are made from. A trainer fills the arrays in again for
 * every chunk.
 */
public final class Minibatch {
  private final long[] origins;
  private final float[] ahead;

  /** Lanes of a decoder that takes no covariates of the data; {@code origins} [B] is not copied. */
  public Minibatch(long[] origins) {
    this(origins, new float[0]);
  }

  /**
   * Lanes; nothing is copied.
   *
   * @param origins the last step known of each lane at the first of the T steps [B]
   * @param ahead what is known ahead at each step, as {@link CovariateState#writeFuture} has it [T,
   *     B, (J + 1)·F]
   */
  public Minibatch(long[] origins, float[] ahead) {
    this.origins = origins;
    this.ahead = ahead;
  }

  /** B. */
  public int size() {
    return origins.length;
  }

  /** The last step known of each lane at the first of the T steps [B]; not a copy. */
  public long[] origins() {
    return origins;
  }

  /** What is known ahead at each step [T, B, (J + 1)·F]; not a copy. */
  public float[] futureCovariates() {
    return ahead;
  }
}
