package io.eddy.nn;

import io.eddy.nn.kernel.DiagonalTransition;
import io.eddy.nn.kernel.RowMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.ejml.data.FMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * Weights and biases of one recurrent layer.
 *
 * <p>The public methods use PyTorch's layout: {@code weight_ih} [G·H, D], {@code weight_hh} [G·H,
 * H], {@code bias_ih} and {@code bias_hh} [G·H], with the gates in the order i f g o (LSTM), i f z
 * o (sLSTM) or r z n (GRU). The LRU has {@code weight_ih} [4·H, D] and {@code bias_ih} [4·H] in the
 * order Re B, Im B, v, g, {@code weight_hh} [2·H, 2·H] and {@code bias_hh} [2·H] with the rows v, g
 * and the columns Re s, Im s, and the rates {@code nu_log} and {@code theta_log} [H]. The weights
 * are stored transposed. Instances are shared by all threads and are not modified, except by a
 * trainer that created its own.
 */
public final class LayerParameters {
  /** Limit of the initial biases of an sLSTM's forget gates for large H. */
  private static final float MAX_FORGET_BIAS = 5f;

  /** Range of the initial decays and angles per step of an LRU. */
  private static final double MIN_RATE = 0.002;

  private static final double MAX_DECAY = 1;
  private static final double MAX_ANGLE = Math.PI;

  private final CellKind kind;
  private final Affine input;
  private final Affine recurrent;
  private final float[] rates;

  /** Products of the current values; null until they are used or if a trainer may modify them. */
  private volatile @Nullable LayerProducts products;

  private volatile boolean isModifiable;

  private LayerParameters(CellKind kind, Affine input, Affine recurrent, float[] rates) {
    this.kind = kind;
    this.input = input;
    this.recurrent = recurrent;
    this.rates = rates;
  }

  /** Transposed weights [in, out] and a bias [out]. */
  private record Affine(RowMatrix weights, FMatrixRMaj bias) {
    static Affine of(FMatrixRMaj weight, float[] bias) {
      return new Affine(
          RowMatrix.transposeOf(weight), new FMatrixRMaj(1, bias.length, true, bias.clone()));
    }

    static Affine zeros(int inputs, int outputs) {
      return new Affine(new RowMatrix(inputs, outputs), new FMatrixRMaj(1, outputs));
    }
  }

  /** Sizes of a layer: D and H. */
  public record Sizes(int inputSize, int hiddenSize) {}

  /**
   * Creates parameters from PyTorch's layout. The arguments are copied. The rates, if the cell has
   * any, are 0.
   *
   * @param weightIh [G·H, D]
   * @param weightHh [G·H, H]; [2·H, 2·H] for the LRU
   * @param biasIh [G·H]
   * @param biasHh [G·H]; [2·H] for the LRU
   * @throws IllegalArgumentException if shapes do not match
   */
  public static LayerParameters of(
      CellKind kind, FMatrixRMaj weightIh, FMatrixRMaj weightHh, float[] biasIh, float[] biasHh) {
    requireNotEmpty("weight_ih", weightIh);
    requireNotEmpty("weight_hh", weightHh);
    int hidden = weightHh.numCols / kind.recurrentInputs();
    int rows = kind.gates() * hidden;
    int recurrentRows = kind.recurrentGates() * hidden;
    requireShape("weight_ih", weightIh, rows, weightIh.numCols);
    requireShape("weight_hh", weightHh, recurrentRows, kind.recurrentInputs() * hidden);
    requireLength("bias_ih", biasIh, rows);
    requireLength("bias_hh", biasHh, recurrentRows);
    return new LayerParameters(
        kind,
        Affine.of(weightIh, biasIh),
        Affine.of(weightHh, biasHh),
        new float[kind.rates() * hidden]);
  }

  /**
   * Returns parameters with these rates and the same weights, which are not copied.
   *
   * @param nuLog ν [H]; copied
   * @param thetaLog θ [H]; copied
   * @throws IllegalArgumentException if the cell has no rates, or not as many
   */
  public LayerParameters withRates(float[] nuLog, float[] thetaLog) {
    int expected = rates.length / 2;
    requireLength("nu_log", nuLog, expected);
    requireLength("theta_log", thetaLog, expected);
    float[] all = Arrays.copyOf(nuLog, rates.length);
    System.arraycopy(thetaLog, 0, all, expected, expected);
    return new LayerParameters(kind, input, recurrent, all);
  }

  /**
   * Creates initial parameters for training: uniform in ±1/√H, except that the forget gates of an
   * LSTM have a bias of 1, those of an sLSTM biases of 1 + 4·j/H for the unit j, and the logarithms
   * of an LRU's decays and angles are uniform in the logarithms of 0.002 … 1 and 0.002 … π.
   */
  public static LayerParameters random(CellKind kind, Sizes sizes, RandomGenerator random) {
    LayerParameters parameters = zeros(kind, sizes);
    float bound = (float) (1 / Math.sqrt(sizes.hiddenSize()));
    for (float[] array : parameters.all()) {
      for (int i = 0; i < array.length; i++) {
        array[i] = bound * (2 * random.nextFloat() - 1);
      }
    }
    parameters.openForgetGates();
    parameters.drawRates(random);
    return parameters;
  }

  private void openForgetGates() {
    int hidden = hiddenSize();
    if (kind == CellKind.LSTM || kind == CellKind.SLSTM) {
      float highest = kind == CellKind.LSTM ? 1f : MAX_FORGET_BIAS;
      for (int j = 0; j < hidden; j++) {
        input.bias.data[hidden + j] = 1 + (highest - 1) * j / hidden;
      }
      Arrays.fill(recurrent.bias.data, hidden, 2 * hidden, 0f);
    }
  }

  private void drawRates(RandomGenerator random) {
    for (int j = 0; j < rates.length; j++) {
      double highest = StrictMath.log(j < rates.length / 2 ? MAX_DECAY : MAX_ANGLE);
      double lowest = StrictMath.log(MIN_RATE);
      rates[j] = (float) (lowest + (highest - lowest) * random.nextFloat());
    }
  }

  private static LayerParameters zeros(CellKind kind, Sizes sizes) {
    int hidden = sizes.hiddenSize();
    return new LayerParameters(
        kind,
        Affine.zeros(sizes.inputSize(), kind.gates() * hidden),
        Affine.zeros(kind.recurrentInputs() * hidden, kind.recurrentGates() * hidden),
        new float[kind.rates() * hidden]);
  }

  /** Creates zeros of the same shapes, for gradients. */
  public LayerParameters zeros() {
    return zeros(kind, new Sizes(inputSize(), hiddenSize()));
  }

  CellKind kind() {
    return kind;
  }

  /** Returns D. */
  public int inputSize() {
    return input.weights.rows();
  }

  /** Returns H. */
  public int hiddenSize() {
    return recurrent.weights.rows() / kind.recurrentInputs();
  }

  /** Returns a copy of the input weights in PyTorch's layout, [G·H, D]. */
  public FMatrixRMaj weightIh() {
    return input.weights.transpose();
  }

  /** Returns a copy of the recurrent weights in PyTorch's layout, [G·H, H] or [2·H, 2·H]. */
  public FMatrixRMaj weightHh() {
    return recurrent.weights.transpose();
  }

  /** Returns a copy of the input bias [G·H]. */
  public float[] biasIh() {
    return input.bias.data.clone();
  }

  /** Returns a copy of the recurrent bias [G·H] or [2·H]. */
  public float[] biasHh() {
    return recurrent.bias.data.clone();
  }

  /** Returns a copy of ν [H] of an LRU; empty for other cells. */
  public float[] nuLog() {
    return Arrays.copyOf(rates, rates.length / 2);
  }

  /** Returns a copy of θ [H] of an LRU; empty for other cells. */
  public float[] thetaLog() {
    return Arrays.copyOfRange(rates, rates.length / 2, rates.length);
  }

  /** Returns Re λ, Im λ and γ [H] of an LRU, see {@link DiagonalTransition}. */
  public List<float[]> transition() {
    DiagonalTransition transition = newTransition();
    return List.of(transition.real(), transition.imaginary(), transition.gain());
  }

  /** Creates the transition of the current rates; of size 0 if the cell has none. */
  DiagonalTransition newTransition() {
    DiagonalTransition transition = new DiagonalTransition(rates.length / 2);
    transition.update(rates);
    return transition;
  }

  /**
   * Returns the arrays themselves, to be modified by a trainer: the rows of the transposed input
   * weights [D, G·H] and recurrent weights [H, G·H] or [2·H, 2·H], then the two biases and, for an
   * LRU, the rates ν and θ [2·H].
   */
  public List<float[]> arrays() {
    isModifiable = true;
    return all();
  }

  private List<float[]> all() {
    List<float[]> arrays = new ArrayList<>(input.weights.arrays());
    arrays.addAll(recurrent.weights.arrays());
    arrays.addAll(biases());
    return arrays;
  }

  /** Returns the elements of {@link #arrays} that are biases or rates. */
  public List<float[]> biases() {
    return rates.length == 0
        ? List.of(input.bias.data, recurrent.bias.data)
        : List.of(input.bias.data, recurrent.bias.data, rates);
  }

  /**
   * Returns the products of the current values. They are shared unless a trainer has the arrays.
   */
  LayerProducts products() {
    LayerProducts current = products;
    if (current == null || isModifiable) {
      current = LayerProducts.of(this);
      products = isModifiable ? null : current;
    }
    return current;
  }

  RowMatrix inputRows() {
    return input.weights;
  }

  RowMatrix recurrentRows() {
    return recurrent.weights;
  }

  float[] inputBiases() {
    return input.bias.data;
  }

  float[] recurrentBiases() {
    return recurrent.bias.data;
  }

  float[] rates() {
    return rates;
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
