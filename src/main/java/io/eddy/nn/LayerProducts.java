package io.eddy.nn;

import io.eddy.nn.kernel.DiagonalTransition;
import io.eddy.nn.kernel.Product;
import io.eddy.nn.kernel.RowMatrix;
import io.eddy.nn.kernel.Step;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The step of a layer for one series, or its products if the kernel has no step for it, with copies
 * of its parameters. Immutable and shared by threads.
 */
final class LayerProducts {
  /** Transition of a linear recurrent unit; of size 0 for other cells. */
  final DiagonalTransition transition;

  /** The complete step, or null if it is to be computed from the products and the cell. */
  final @Nullable Step step;

  private final List<Product> products;

  private LayerProducts(
      @Nullable Step step, List<Product> products, DiagonalTransition transition) {
    this.step = step;
    this.products = products;
    this.transition = transition;
  }

  /** Creates the step or the products of the current parameters. */
  static LayerProducts of(LayerParameters p) {
    return stepOf(p)
        .map(step -> new LayerProducts(step, List.of(), p.newTransition()))
        .orElseGet(() -> new LayerProducts(null, productsOf(p), p.newTransition()));
  }

  private static Optional<Step> stepOf(LayerParameters p) {
    return switch (p.kind()) {
      case GRU ->
          RowMatrix.gruStep(p.inputBiases(), p.recurrentBiases(), p.inputRows(), p.recurrentRows());
      case LSTM -> RowMatrix.lstmStep(summedBias(p), p.inputRows(), p.recurrentRows());
      case RNN_TANH, RNN_RELU, SLSTM, LRU -> Optional.empty();
    };
  }

  /**
   * Creates the products W_ih x + b_ih and W_hh h' + b_hh or, if the cell reads their sum, the
   * product (b_ih + b_hh) + W_ih x + W_hh h' of the vector (x, h').
   */
  private static List<Product> productsOf(LayerParameters p) {
    return Cells.of(p.kind(), p.hiddenSize()).hasSeparateProducts()
        ? List.of(
            RowMatrix.product(p.inputBiases(), p.inputRows()),
            RowMatrix.product(p.recurrentBiases(), p.recurrentRows()))
        : List.of(RowMatrix.product(summedBias(p), p.inputRows(), p.recurrentRows()));
  }

  private static float[] summedBias(LayerParameters p) {
    float[] bias = p.inputBiases().clone();
    for (int j = 0; j < bias.length; j++) {
      bias[j] += p.recurrentBiases()[j];
    }
    return bias;
  }

  /** Returns the input product or the summed product. */
  Product input() {
    return products.get(0);
  }

  /** Returns the recurrent product, if it is separate. */
  Product recurrent() {
    return products.get(1);
  }

  /** Returns the number of elements that the largest product writes. */
  int outputSize() {
    return products.stream().mapToInt(Product::outputSize).max().orElse(0);
  }
}
