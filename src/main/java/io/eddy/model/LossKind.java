package io.eddy.model;

/** What a head is taught by. */
public enum LossKind {
  /** max(τe, (τ − 1)e) for each level τ. */
  PINBALL,
  /** ½e²: the forecast is a mean. */
  SQUARED,
  /** |e|: the forecast is a median. */
  ABSOLUTE,
  /** ½e² near 0 and |e| − ½ beyond 1, in scaled units: a mean that outliers do not rule. */
  HUBER,
  /** −log of the density where the value came to lie. */
  LIKELIHOOD,
  /** −log of the probability of the class that came. */
  CROSS_ENTROPY;

  /** The kind of that {@link #id}. */
  public static LossKind of(String id) {
    return EnumIds.parse(LossKind.class, "loss", id);
  }

  /** Name in model files and options. */
  public String id() {
    return EnumIds.of(this);
  }
}
