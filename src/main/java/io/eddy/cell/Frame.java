package io.eddy.cell;

/**
 * Where one lane of one step stands: products [G·H] from {@code gates} on, states [h, then c] from
 * {@code oldFrom} and {@code freshFrom} on, gradients of the states at the same places.
 */
final class Frame {
  private static final float[] NONE = {};

  /** Room for one number of each hidden unit, [H] at least. */
  final float[] scratch;

  float[] a = NONE;
  float[] r = NONE;
  int gates;
  float[] old = NONE;
  int oldFrom;
  float[] fresh = NONE;
  int freshFrom;
  float[] dOld = NONE;
  float[] dFresh = NONE;

  Frame(int hiddenSize) {
    scratch = new float[hiddenSize];
  }
}
