package io.eddy.nn.kernel;

/**
 * Where one lane of one step stands: products [G·H] from {@code gates} on, states [h, then c] from
 * {@code oldFrom} and {@code freshFrom} on, gradients of the states at the same places.
 */
public final class Frame {
  private static final float[] NONE = {};

  /** tanh(c) of the LSTM, [H] at least: written by a step, read on the way back. */
  public float[] tanhCell;

  public float[] a = NONE;
  public float[] r = NONE;
  public int gateOffset;
  public float[] previous = NONE;
  public int previousOffset;
  public float[] next = NONE;
  public int nextOffset;
  public float[] dPrevious = NONE;
  public float[] dNext = NONE;

  public Frame(int hiddenSize) {
    tanhCell = new float[hiddenSize];
  }
}
