package io.eddy.cell;

/**
 * Where one lane of one step stands: products [G·H] from {@code gates} on, states [h, then c] from
 * {@code oldFrom} and {@code freshFrom} on, gradients of the states at the same places.
 */
final class Frame {
  private static final float[] NONE = {};

  /** tanh(c) of the LSTM, [H] at least: written by a step, read on the way back. */
  float[] squashed;

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
    squashed = new float[hiddenSize];
  }
}
