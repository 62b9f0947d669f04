package io.eddy.nn.kernel;

/** Arguments of {@link Cell}: arrays and offsets of one lane at one step. */
public final class Frame {
  private static final float[] NONE = {};
  private static final DiagonalTransition NO_TRANSITION = new DiagonalTransition(0);

  /**
   * Values that {@link Cell#activate} leaves for {@link Cell#backward} [H]: tanh(c) of the LSTM,
   * a_f of the sLSTM.
   */
  public float[] saved;

  /** Input products, then activated gates, then their gradients [G·H], at {@code gateOffset}. */
  public float[] a = NONE;

  /** Recurrent products, then their gradients [G·H], at {@code gateOffset}. */
  public float[] r = NONE;

  public int gateOffset;

  /** State d steps earlier, h first [width], at {@code previousOffset}. */
  public float[] previous = NONE;

  public int previousOffset;

  /** State after the step, h first [width], at {@code nextOffset}. */
  public float[] next = NONE;

  public int nextOffset;

  /** Gradient of {@code previous} [width], at {@code previousOffset}. */
  public float[] dPrevious = NONE;

  /** Gradient of {@code next} [width], at {@code nextOffset}. */
  public float[] dNext = NONE;

  /** Gradient of the part of the next state that the recurrent product reads [2·H]. */
  public float[] dRead = NONE;

  /** Transition of a linear recurrent unit. */
  public DiagonalTransition transition = NO_TRANSITION;

  /** Scratch space of a step [2·H]. */
  final float[] scratch;

  public Frame(int hiddenSize) {
    scratch = new float[2 * hiddenSize];
    saved = new float[hiddenSize];
  }
}
