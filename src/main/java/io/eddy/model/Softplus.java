package io.eddy.model;

/** A softplus made of IEEE operations alone: s(z) = (z + √(z² + 1)) / 2. */
public final class Softplus {
  private Softplus() {}

  /** s(z): never below 0, z for large z. */
  public static float value(float z) {
    return 0.5f * (z + (float) Math.sqrt(Math.fma(z, z, 1f)));
  }

  /** s'(z) = (1 + z/√(z² + 1)) / 2. */
  public static float slope(float z) {
    return Math.fma(0.5f, z / (float) Math.sqrt(Math.fma(z, z, 1f)), 0.5f);
  }
}
