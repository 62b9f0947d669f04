package io.eddy.model;

/** Loss function that a head is trained with. */
public enum LossKind {
  /** max(τe, (τ − 1)e) for each level τ. */
  PINBALL,
  /** ½e²: the forecast is a mean. */
  SQUARED,
  /** |e|: the forecast is a median. */
  ABSOLUTE,
  /** ½e² near 0 and |e| − ½ beyond 1, in scaled units: a mean that is robust to outliers. */
  HUBER,
  /** −log of the density at the observed value. */
  LIKELIHOOD,
  /** −log of the probability of the observed class. */
  CROSS_ENTROPY;

  /** Returns the loss with this {@link #id}. */
  public static LossKind of(String id) {
    return EnumIds.parse(LossKind.class, "loss", id);
  }

  /** Returns the name in model files and options. */
  public String id() {
    return EnumIds.of(this);
  }
}
