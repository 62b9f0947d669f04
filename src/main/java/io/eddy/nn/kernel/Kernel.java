package io.eddy.nn.kernel;

/**
 * The hot loops: sums of scaled rows, y += Σ_i a_i · row_i, and what is done element by element.
 *
 * <p>Every element of a sum is added up in the order stated, with fused multiply-adds, whatever the
 * kernel does in one pass: all kernels give the same bits. Immutable and shared.
 */
public interface Kernel {
  /**
   * The fastest at hand: {@code VectorKernel} where the JVM was started with {@code --add-modules
   * jdk.incubator.vector} and its vectors are wide, {@link PlainKernel} anywhere else.
   */
  Kernel FASTEST = fastest();

  /**
   * y += Σ_i a_i · row_i, i ascending.
   *
   * @param rows [R, n]; not modified
   * @param n columns
   * @param a [R] from {@code from} on; not modified
   * @param y [n]; modified
   */
  void addProduct(float[][] rows, int n, float[] a, int from, float[] y);

  /**
   * The same for several lanes. With lanes and rows in each other's place it is the gradient of a
   * matrix: y_i += Σ_lane a_{i,lane} · row_lane.
   *
   * @param a [lanes, R] at least; not modified
   * @param y [lanes, n]; modified
   */
  void addProducts(float[][] rows, int n, float[][] a, float[][] y);

  /** y += x over n numbers, each array from its offset on. */
  void add(float[] x, int xFrom, float[] y, int yFrom, int n);

  /** Replaces x[from … to) by its tanh. */
  void tanh(float[] x, int from, int to);

  /** Replaces x[from … to) by its logistic function. */
  void logistic(float[] x, int from, int to);

  /** The GRU's cell of this kernel. */
  Cell gru(int hiddenSize);

  /** The LSTM's cell of this kernel. */
  Cell lstm(int hiddenSize);

  private static Kernel fastest() {
    // By name: the class needs a module that is resolved only where it is asked for.
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      try {
        Class<?> vector = Class.forName(Kernel.class.getPackageName() + ".VectorKernel");
        return (Kernel) vector.getDeclaredConstructor().newInstance();
      } catch (ReflectiveOperationException | LinkageError e) {
        return new PlainKernel();
      }
    }
    return new PlainKernel();
  }
}
