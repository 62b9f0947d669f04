package io.eddy.nn.kernel;

import static io.eddy.nn.kernel.VectorKernel.W;

/**
 * Layout of the weights of a {@link Step}: a panel for each vector of units, which holds the
 * columns of all their gates, one row after the other.
 *
 * <p>A panel contains all that its units need, so that their gates are activated while the weights
 * of the next panel are loaded.
 */
final class VectorPanels {
  private VectorPanels() {}

  /** Returns whether the units fill whole vectors, which this layout requires. */
  static boolean fit(int hiddenSize) {
    return hiddenSize % W == 0;
  }

  /**
   * Divides rows [R, gates · H] into panels [H / W, R · gates · W].
   *
   * @param rows not modified
   */
  static float[][] of(float[][] rows, int gates) {
    int size = rows[0].length / gates;
    float[][] panels = new float[size / W][rows.length * gates * W];
    for (int p = 0; p < panels.length; p++) {
      for (int i = 0; i < rows.length; i++) {
        for (int gate = 0; gate < gates; gate++) {
          System.arraycopy(rows[i], gate * size + p * W, panels[p], (i * gates + gate) * W, W);
        }
      }
    }
    return panels;
  }
}
