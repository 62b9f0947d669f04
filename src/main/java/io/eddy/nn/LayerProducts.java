package io.eddy.nn;

import io.eddy.nn.kernel.DiagonalTransition;
import io.eddy.nn.kernel.Product;
import io.eddy.nn.kernel.RowMatrix;
import java.util.List;

/**
 * Products of a layer's step for one series, with copies of its parameters. Immutable and shared by
 * threads.
 */
final class LayerProducts {
  /** Transition of a linear recurrent unit; of size 0 for other cells. */
  final DiagonalTransition transition;

  private final List<Product> products;

  private LayerProducts(List<Product> products, DiagonalTransition transition) {
    this.products = products;
    this.transition = transition;
  }

  /** Creates the products W_ih x + b_ih and W_hh h' + b_hh. */
  static LayerProducts separate(LayerParameters p) {
    return new LayerProducts(
        List.of(
            RowMatrix.product(p.inputBiases(), p.inputRows()),
            RowMatrix.product(p.recurrentBiases(), p.recurrentRows())),
        p.newTransition());
  }

  /** Creates the product (b_ih + b_hh) + W_ih x + W_hh h' of the vector (x, h'). */
  static LayerProducts summed(LayerParameters p) {
    float[] bias = p.inputBiases().clone();
    for (int j = 0; j < bias.length; j++) {
      bias[j] += p.recurrentBiases()[j];
    }
    return new LayerProducts(
        List.of(RowMatrix.product(bias, p.inputRows(), p.recurrentRows())), p.newTransition());
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
    return products.stream().mapToInt(Product::outputSize).max().orElseThrow();
  }
}
