package io.eddy.nn.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares each kernel with one plain loop in the documented order, and the cells of both kernels
 * with each other, bit for bit.
 */
final class KernelTest {
  /** The available kernels. */
  private enum Kind {
    PLAIN,
    VECTORS;

    Kernel kernel() {
      if (this == PLAIN) {
        return new PlainKernel();
      }
      return vectors();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PLAIN, 1, 1", "PLAIN, 3, 5", "PLAIN, 9, 17", "PLAIN, 31, 7", "PLAIN, 64, 129",
    "VECTORS, 1, 1", "VECTORS, 3, 5", "VECTORS, 9, 17", "VECTORS, 31, 7", "VECTORS, 64, 129",
    "VECTORS, 5, 256", "VECTORS, 5, 539", "VECTORS, 5, 215", "VECTORS, 2, 96"
  })
  void addsProductInRowOrder(Kind kind, int rows, int n) {
    Random random = new Random(rows * 1000L + n);
    float[][] matrix = lanes(rows, n, random);
    float[] a = values(rows + 5, random);
    float[] y = values(n, random);
    float[] expected = y.clone();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < n; j++) {
        expected[j] = Math.fma(a[5 + i], matrix[i][j], expected[j]);
      }
    }

    kind.kernel().addProduct(matrix, n, a, 5, y);

    assertThat(y).isEqualTo(expected);
  }

  /** The sizes have panels of every width, with and without padding. */
  @ParameterizedTest
  @CsvSource({
    "PLAIN, 3, 5",
    "PLAIN, 9, 17",
    "VECTORS, 1, 1",
    "VECTORS, 3, 16",
    "VECTORS, 2, 96",
    "VECTORS, 9, 17",
    "VECTORS, 31, 127",
    "VECTORS, 5, 256",
    "VECTORS, 4, 539"
  })
  void multipliesVectorInRowOrder(Kind kind, int rows, int n) {
    Random random = new Random(rows * 1000L + n);
    float[][] matrix = lanes(rows, n, random);
    float[] bias = values(n, random);
    float[] x = values(rows + 5, random);
    float[] expected = bias.clone();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < n; j++) {
        expected[j] = Math.fma(x[5 + i], matrix[i][j], expected[j]);
      }
    }
    Product product = kind.kernel().product(matrix, bias);
    float[] y = new float[product.outputSize()];

    product.apply(x, 5, y);

    assertThat(Arrays.copyOf(y, n)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "PLAIN, 1, 1, 1", "PLAIN, 3, 5, 2", "PLAIN, 9, 17, 7", "PLAIN, 17, 33, 9",
    "PLAIN, 31, 7, 17", "VECTORS, 1, 1, 1", "VECTORS, 3, 5, 2", "VECTORS, 9, 17, 7",
    "VECTORS, 17, 33, 9", "VECTORS, 31, 7, 17", "VECTORS, 23, 103, 8", "VECTORS, 6, 64, 5",
    "VECTORS, 32, 24, 4", "VECTORS, 5, 256, 12"
  })
  void addsProductsOfLanesInRowOrder(Kind kind, int rows, int n, int lanes) {
    Random random = new Random(rows * 1000L + n * 10L + lanes);
    float[][] matrix = lanes(rows, n, random);
    float[][] a = lanes(lanes, rows + 3, random);
    float[][] y = lanes(lanes, n, random);
    float[][] expected = copy(y);
    for (int lane = 0; lane < lanes; lane++) {
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < n; j++) {
          expected[lane][j] = Math.fma(a[lane][i], matrix[i][j], expected[lane][j]);
        }
      }
    }

    kind.kernel().addProducts(matrix, n, a, y);

    assertThat(y).isDeepEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"PLAIN, 1", "PLAIN, 40", "VECTORS, 1", "VECTORS, 7", "VECTORS, 16", "VECTORS, 41"})
  void addsArraysAtOffsets(Kind kind, int n) {
    Random random = new Random(n);
    float[] x = values(n + 3, random);
    float[] y = values(n + 5, random);
    float[] expected = y.clone();
    for (int j = 0; j < n; j++) {
      expected[5 + j] += x[2 + j];
    }

    kind.kernel().add(x, 2, y, 5, n);

    assertThat(y).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 8, 16, 17, 24, 33, 64})
  void cellsOfAllKernelsHaveSameBits(int size) {
    Kernel vectors = vectors();

    assertSameBits(new LstmCell(size), vectors.lstm(size), size, 4, 2);
    assertSameBits(new GruCell(size), vectors.gru(size), size, 3, 1);
    assertSameBits(new SlstmCell(size), vectors.slstm(size), size, 4, 4);
    assertSameBits(new LruCell(size), vectors.lru(size), size, 4, 3);
  }

  /** Vectors of 16 are not filled by 8 and 40 units. */
  @ParameterizedTest
  @CsvSource({"8, 1", "16, 8", "32, 3", "40, 5", "48, 1", "64, 17"})
  void lstmStepHasBitsOfProductAndCell(int size, int inputs) {
    Random random = new Random(size);
    float[][] rows = lanes(inputs + size, 4 * size, random);
    float[] bias = values(4 * size, random);
    float[] x = values(2 + inputs, random);
    Frame frame = frame(size, 4, 2);
    frame.a = bias.clone();
    frame.previous = frame.next;
    float[] state = frame.next.clone();
    float[] xAndHidden = Arrays.copyOfRange(x, 2, 2 + inputs + size);
    System.arraycopy(state, 3, xAndHidden, inputs, size);
    new PlainKernel().addProduct(rows, 4 * size, xAndHidden, 0, frame.a);
    new LstmCell(size).activate(frame);
    Optional<Step> step = vectors().lstmStep(rows, bias);

    step.ifPresent(s -> s.apply(x, 2, state, 3, new float[size]));

    assertStep(step, size, state, frame.next);
  }

  @ParameterizedTest
  @CsvSource({"8, 1", "16, 8", "32, 3", "40, 5", "48, 1", "64, 17"})
  void gruStepHasBitsOfProductsAndCell(int size, int inputs) {
    Random random = new Random(size);
    float[][] rows = lanes(inputs + size, 3 * size, random);
    Frame frame = frame(size, 3, 1);
    float[] inputBias = frame.a.clone();
    float[] recurrentBias = frame.r.clone();
    frame.previous = frame.next;
    float[] state = frame.next.clone();
    float[] x = values(2 + inputs, random);
    Kernel plain = new PlainKernel();
    plain.addProduct(Arrays.copyOf(rows, inputs), 3 * size, x, 2, frame.a);
    plain.addProduct(Arrays.copyOfRange(rows, inputs, rows.length), 3 * size, state, 3, frame.r);
    new GruCell(size).activate(frame);
    Optional<Step> step = vectors().gruStep(rows, inputBias, recurrentBias);

    step.ifPresent(s -> s.apply(x, 2, state, 3, new float[size]));

    assertStep(step, size, state, frame.next);
  }

  /** Checks a step, which exists if the units fill vectors. */
  private static void assertStep(Optional<Step> step, int size, float[] actual, float[] expected) {
    assertThat(step.isPresent()).isEqualTo(size % widestVector() == 0);
    if (step.isPresent()) {
      assertThat(bits(actual)).isEqualTo(bits(expected));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 40, 67})
  void tanhAndLogisticOfAllKernelsHaveSameBits(int size) {
    float[] x = values(size + 3, new Random(size));
    for (int i = 0; i < x.length; i++) {
      x[i] *= 5;
    }
    float[] extremes = {
      Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0f, -0f, Float.MIN_VALUE
    };
    System.arraycopy(extremes, 0, x, 1, Math.min(size, extremes.length));
    float[] expected = x.clone();
    float[] logistic = x.clone();
    float[] expectedLogistic = x.clone();
    new PlainKernel().tanh(expected, 1, size + 1);
    new PlainKernel().logistic(expectedLogistic, 1, size + 1);

    vectors().tanh(x, 1, size + 1);
    vectors().logistic(logistic, 1, size + 1);

    assertThat(bits(x)).isEqualTo(bits(expected));
    assertThat(bits(logistic)).isEqualTo(bits(expectedLogistic));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 40, 67})
  void expOfAllKernelsHasSameBits(int size) {
    float[] x = values(size + 3, new Random(size));
    for (int i = 0; i < x.length; i++) {
      x[i] *= 25;
    }
    float[] extremes = {
      Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0f, -0f, -0x1p100f
    };
    System.arraycopy(extremes, 0, x, 1, Math.min(size, extremes.length));
    float[] expected = new float[x.length + 1];
    float[] actual = new float[x.length + 1];
    new PlainKernel().exp(x, 1, expected, 2, size);

    vectors().exp(x.clone(), 1, actual, 2, size);

    assertThat(bits(actual)).isEqualTo(bits(expected));
  }

  /** Skips the test if there are no wide vectors. If there are, they must be in use. */
  private static Kernel vectors() {
    assumeTrue(widestVector() >= 8, "no jdk.incubator.vector, or this processor's are narrow");
    assertThat(Kernel.FASTEST).isNotInstanceOf(PlainKernel.class);
    return Kernel.FASTEST;
  }

  /** Returns the number of elements of the widest vector, or 0 without the vector module. */
  private static int widestVector() {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return 0;
    }
    try {
      Object species =
          Class.forName("jdk.incubator.vector.FloatVector").getField("SPECIES_PREFERRED").get(null);
      Class<?> type = Class.forName("jdk.incubator.vector.VectorSpecies");
      return (int) type.getMethod("length").invoke(species);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  private static void assertSameBits(Cell first, Cell second, int size, int gates, int states) {
    Frame expected = frame(size, gates, states);
    Frame actual = frame(size, gates, states);

    first.advanceState(expected);
    second.advanceState(actual);
    first.activate(expected);
    second.activate(actual);
    assertSame(actual, expected);

    first.backward(expected);
    second.backward(actual);
    first.backwardState(expected);
    second.backwardState(actual);
    assertSame(actual, expected);
  }

  private static void assertSame(Frame actual, Frame expected) {
    assertThat(bits(actual.a)).isEqualTo(bits(expected.a));
    assertThat(bits(actual.r)).isEqualTo(bits(expected.r));
    assertThat(bits(actual.saved)).isEqualTo(bits(expected.saved));
    assertThat(bits(actual.next)).isEqualTo(bits(expected.next));
    assertThat(bits(actual.dPrevious)).isEqualTo(bits(expected.dPrevious));
    assertThat(bits(actual.transition.dReal)).isEqualTo(bits(expected.transition.dReal));
    assertThat(bits(actual.transition.dImaginary)).isEqualTo(bits(expected.transition.dImaginary));
    assertThat(bits(actual.transition.dGain)).isEqualTo(bits(expected.transition.dGain));
  }

  /** Returns the same values at each call. States start at offset 3, like those of a later lane. */
  private static Frame frame(int size, int gates, int states) {
    Random random = new Random(size);
    Frame frame = new Frame(size);
    frame.a = values(gates * size, random);
    frame.r = values(gates * size, random);
    frame.previous = values(3 + states * size, random);
    frame.next = values(3 + states * size, random);
    frame.dPrevious = values(3 + states * size, random);
    frame.dNext = values(3 + states * size, random);
    frame.dRead = values(2 * size, random);
    frame.transition = new DiagonalTransition(size);
    frame.transition.update(values(2 * size, random));
    frame.previousOffset = 3;
    frame.nextOffset = 3;
    return frame;
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }

  private static float[][] copy(float[][] values) {
    return Arrays.stream(values).map(float[]::clone).toArray(float[][]::new);
  }

  private static float[][] lanes(int lanes, int n, Random random) {
    float[][] values = new float[lanes][];
    Arrays.setAll(values, lane -> values(n, random));
    return values;
  }

  private static float[] values(int size, Random random) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = 4 * random.nextFloat() - 2;
    }
    return values;
  }
}
