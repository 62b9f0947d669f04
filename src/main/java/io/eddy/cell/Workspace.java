package io.eddy.cell;

/** Scratch space of one thread for the steps of one stack. */
public final class Workspace {
  final Frame frame = new Frame();
  final float[] a;
  final float[] r;
  final float[] output;

  Workspace(int gates, int hiddenSize) {
    a = new float[gates];
    r = new float[gates];
    output = new float[hiddenSize];
  }

  /** Hidden state of the top layer after the last step, [H]; overwritten by the next. */
  public float[] output() {
    return output;
  }
}
