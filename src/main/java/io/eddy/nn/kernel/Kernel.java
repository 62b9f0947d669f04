package io.eddy.nn.kernel;

import java.util.Optional;

/**
 * The hot loops of the cells: sums of scaled rows, y += Σ_i a_i · row_i, and element-wise
 * functions.
 *
 * <p>Every element of a sum is accumulated in the stated order with fused multiply-adds, regardless
 * of how an implementation blocks the loops. All kernels therefore give the same bits.
 * Implementations are immutable and thread-safe.
 */
public interface Kernel {
  /**
   * The fastest available kernel: {@code VectorKernel} if {@link IncubatorModule} is available and
   * its vectors have at least 8 elements, else {@link PlainKernel}.
   */
  Kernel FASTEST = fastest();

  /**
   * Computes y += Σ_i a_i · row_i, i ascending.
   *
   * @param rows [R, n]; not modified
   * @param n number of columns
   * @param a [R], starting at {@code from}; not modified
   * @param y [n]; modified
   */
  void addProduct(float[][] rows, int n, float[] a, int from, float[] y);

  /**
   * Computes y_lane += Σ_i a_{lane,i} · row_i for several lanes, i ascending. With lanes and rows
   * exchanged it computes the gradient of a matrix: y_i += Σ_lane a_{i,lane} · row_lane.
   *
   * @param rows [R, n]; not modified
   * @param n number of columns
   * @param a [lanes, R] at least; not modified
   * @param y [lanes, n]; modified
   */
  void addProducts(float[][] rows, int n, float[][] a, float[][] y);

  /**
   * Creates the product y = b + Σ_i x_i · row_i.
   *
   * @param rows [R, n]; copied
   * @param bias b [n]; copied
   */
  Product product(float[][] rows, float[] bias);

  /** Computes y += x over n elements; each array starts at its offset. */
  void add(float[] x, int xFrom, float[] y, int yFrom, int n);

  /** Replaces x[from … to) by tanh(x). */
  void tanh(float[] x, int from, int to);

  /** Replaces x[from … to) by 1/(1 + e⁻ˣ). */
  void logistic(float[] x, int from, int to);

  /**
   * Computes y = eˣ over n elements, with x clamped to [−43.5, 0]; each array starts at its offset.
   *
   * @param x modified; another array than y
   */
  void exp(float[] x, int xFrom, float[] y, int yFrom, int n);

  /**
   * Creates the step of an LSTM layer, if this kernel has one for its number of units.
   *
   * @param rows W_ih, then W_hh, transposed [D + H, 4·H]; copied
   * @param bias b_ih + b_hh [4·H]; copied
   */
  default Optional<Step> lstmStep(float[][] rows, float[] bias) {
    return Optional.empty();
  }

  /**
   * Creates the step of a GRU layer, if this kernel has one for its number of units.
   *
   * @param rows W_ih, then W_hh, transposed [D + H, 3·H]; copied
   * @param inputBias b_ih [3·H]; copied
   * @param recurrentBias b_hh [3·H]; copied
   */
  default Optional<Step> gruStep(float[][] rows, float[] inputBias, float[] recurrentBias) {
    return Optional.empty();
  }

  /** Creates a GRU cell that uses this kernel. */
  Cell gru(int hiddenSize);

  /** Creates an LSTM cell that uses this kernel. */
  Cell lstm(int hiddenSize);

  /** Creates an sLSTM cell that uses this kernel. */
  Cell slstm(int hiddenSize);

  /** Creates a linear recurrent unit that uses this kernel. */
  Cell lru(int hiddenSize);

  private static Kernel fastest() {
    // Loaded by name, because the class requires a module that is resolved only on request.
    if (IncubatorModule.isAvailable()) {
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
