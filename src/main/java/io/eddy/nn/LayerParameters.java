package io.eddy.nn;

import io.eddy.nn.kernel.RowMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.ejml.data.FMatrixRMaj;

/**
 * Weights and biases of one recurrent layer.
 *
 * <p>The public methods use PyTorch's layout: {@code weight_ih} [G·H, D], {@code weight_hh} [G·H,
 * H], {@code bias_ih} and {@code bias_hh} [G·H], with the gates in the order i f g o (LSTM), i f z
 * o (sLSTM) or r z n (GRU). The weights are stored transposed. Instances are shared by all threads
 * and are not modified, except by a trainer that created its own.
 */
public final class LayerParameters {
  private static final float MAX_FORGET_BIAS = 5f;

  private final CellKind kind;
  private final RowMatrix inputWeights;
  private final RowMatrix recurrentWeights;
  private final FMatrixRMaj inputBias;
  private final FMatrixRMaj recurrentBias;

  private LayerParameters(
      CellKind kind,
      RowMatrix inputWeights,
      RowMatrix recurrentWeights,
      FMatrixRMaj inputBias,
      FMatrixRMaj recurrentBias) {
    this.kind = kind;
    this.inputWeights = inputWeights;
    this.recurrentWeights = recurrentWeights;
    this.inputBias = inputBias;
    this.recurrentBias = recurrentBias;
  }

  /** Sizes of a layer: D and H. */
  public record Sizes(int inputSize, int hiddenSize) {}

  /**
   * Creates parameters from PyTorch's layout. The arguments are copied.
   *
   * @param weightIh [G·H, D]
   * @param weightHh [G·H, H]
   * @param biasIh [G·H]
   * @param biasHh [G·H]
   * @throws IllegalArgumentException if shapes do not match
   */
  public static LayerParameters of(
      CellKind kind, FMatrixRMaj weightIh, FMatrixRMaj weightHh, float[] biasIh, float[] biasHh) {
    requireNotEmpty("weight_ih", weightIh);
    requireNotEmpty("weight_hh", weightHh);
    int hidden = weightHh.numCols;
    int rows = kind.gates() * hidden;
    requireShape("weight_ih", weightIh, rows, weightIh.numCols);
    requireShape("weight_hh", weightHh, rows, hidden);
    requireLength("bias_ih", biasIh, rows);
    requireLength("bias_hh", biasHh, rows);
    return new LayerParameters(
        kind,
        RowMatrix.transposeOf(weightIh),
        RowMatrix.transposeOf(weightHh),
        row(biasIh),
        row(biasHh));
  }

  /**
   * Creates initial parameters for training: uniform in ±1/√H, except that the forget gates of an
   * LSTM have a bias of 1, and those of an sLSTM biases from 1 to 5, in equal steps.
   */
  public static LayerParameters random(CellKind kind, Sizes sizes, RandomGenerator random) {
    int columns = kind.gates() * sizes.hiddenSize();
    float bound = (float) (1 / Math.sqrt(sizes.hiddenSize()));
    LayerParameters parameters =
        new LayerParameters(
            kind,
            RowMatrix.of(uniform(sizes.inputSize(), columns, bound, random)),
            RowMatrix.of(uniform(sizes.hiddenSize(), columns, bound, random)),
            uniform(1, columns, bound, random),
            uniform(1, columns, bound, random));
    parameters.openForgetGates();
    return parameters;
  }

  private void openForgetGates() {
    int hidden = hiddenSize();
    if (kind == CellKind.LSTM || kind == CellKind.SLSTM) {
      float highest = kind == CellKind.LSTM ? 1f : MAX_FORGET_BIAS;
      for (int j = 0; j < hidden; j++) {
        inputBias.data[hidden + j] = 1 + (highest - 1) * j / hidden;
      }
      Arrays.fill(recurrentBias.data, hidden, 2 * hidden, 0f);
    }
  }

  /** Creates zeros of the same shapes, for gradients. */
  public LayerParameters zeros() {
    return new LayerParameters(
        kind,
        new RowMatrix(inputWeights.rows(), inputWeights.columns()),
        new RowMatrix(recurrentWeights.rows(), recurrentWeights.columns()),
        new FMatrixRMaj(1, inputBias.numCols),
        new FMatrixRMaj(1, recurrentBias.numCols));
  }

  CellKind kind() {
    return kind;
  }

  /** Returns D. */
  public int inputSize() {
    return inputWeights.rows();
  }

  /** Returns H. */
  public int hiddenSize() {
    return recurrentWeights.rows();
  }

  /** Returns a copy of the input weights in PyTorch's layout, [G·H, D]. */
  public FMatrixRMaj weightIh() {
    return inputWeights.transpose();
  }

  /** Returns a copy of the recurrent weights in PyTorch's layout, [G·H, H]. */
  public FMatrixRMaj weightHh() {
    return recurrentWeights.transpose();
  }

  /** Returns a copy of the input bias [G·H]. */
  public float[] biasIh() {
    return inputBias.data.clone();
  }

  /** Returns a copy of the recurrent bias [G·H]. */
  public float[] biasHh() {
    return recurrentBias.data.clone();
  }

  /**
   * Returns the arrays themselves, to be modified by a trainer: the rows of the transposed input
   * weights [D, G·H] and recurrent weights [H, G·H], then the two biases [G·H].
   */
  public List<float[]> arrays() {
    List<float[]> arrays = new ArrayList<>(inputWeights.arrays());
    arrays.addAll(recurrentWeights.arrays());
    arrays.add(inputBias.data);
    arrays.add(recurrentBias.data);
    return arrays;
  }

  /** Returns the elements of {@link #arrays} that are biases. */
  public List<float[]> biases() {
    return List.of(inputBias.data, recurrentBias.data);
  }

  RowMatrix inputRows() {
    return inputWeights;
  }

  RowMatrix recurrentRows() {
    return recurrentWeights;
  }

  float[] inputBiases() {
    return inputBias.data;
  }

  float[] recurrentBiases() {
    return recurrentBias.data;
  }

  private static FMatrixRMaj row(float[] values) {
    return new FMatrixRMaj(1, values.length, true, values.clone());
  }

  private static FMatrixRMaj uniform(int rows, int columns, float bound, RandomGenerator random) {
    FMatrixRMaj matrix = new FMatrixRMaj(rows, columns);
    for (int i = 0; i < matrix.data.length; i++) {
      matrix.data[i] = bound * (2 * random.nextFloat() - 1);
    }
    return matrix;
  }

  private static void requireNotEmpty(String name, FMatrixRMaj matrix) {
    if (matrix.numRows < 1 || matrix.numCols < 1) {
      throw new IllegalArgumentException(
          "%s: expected at least (1, 1), got (%d, %d)"
              .formatted(name, matrix.numRows, matrix.numCols));
    }
  }

  private static void requireShape(String name, FMatrixRMaj matrix, int rows, int columns) {
    if (matrix.numRows != rows || matrix.numCols != columns) {
      throw new IllegalArgumentException(
          "%s: expected (%d, %d), got (%d, %d)"
              .formatted(name, rows, columns, matrix.numRows, matrix.numCols));
    }
  }

  private static void requireLength(String name, float[] values, int length) {
    if (values.length != length) {
      throw new IllegalArgumentException(
          "%s: expected (%d), got (%d)".formatted(name, length, values.length));
    }
  }
}
