package io.eddy.nn.kernel;

/**
 * Where one lane of one step stands: products [G·H] from {@code gates} on, states [h, then c] from
 * {@code oldFrom} and {@code freshFrom} on, gradients of the states at the same places.
 */
public final class Frame {
  private static final float[] NONE = {};

  /** tanh(c) of the LSTM, [H] at least: written by a step, read on the way back. */
  public float[] squashed;

  public float[] a = NONE;
  public float[] r = NONE;
  public int gates;
  public float[] old = NONE;
  public int oldFrom;
  public float[] fresh = NONE;
  public int freshFrom;
  public float[] dOld = NONE;
  public float[] dFresh = NONE;

  public Frame(int hiddenSize) {
    squashed = new float[hiddenSize];
  }
}
