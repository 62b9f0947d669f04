package io.eddy.model;

/**
 * A softplus of IEEE operations only, with the same bits everywhere: s(z) = (z + √(z² + 1)) / 2.
 */
public final class Softplus {
  private Softplus() {}

  /** Returns s(z), which is at least 0 and approaches z for large z. */
  public static float value(float z) {
    return 0.5f * (z + (float) Math.sqrt(Math.fma(z, z, 1f)));
  }

  /** Returns s'(z) = (1 + z/√(z² + 1)) / 2. */
  public static float slope(float z) {
    return Math.fma(0.5f, z / (float) Math.sqrt(Math.fma(z, z, 1f)), 0.5f);
  }
}
