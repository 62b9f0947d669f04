package io.eddy.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares back-propagation with central differences of the loss Σ c·y, in float64 on the source
 * that trains in float32. The sizes exercise both the unrolled loops and their remainders.
 */
final class GradientTest {
  /**
   * Relative tolerance; gradients below 0.01 are treated as 0.01. The truncation error of the
   * differences (step 1e-5, squared) and the rounding of a loss of about 10 (2e-15, divided by the
   * step) are both about 2e-10.
   */
  private static final double TOLERANCE = 1e-6;

  private static final String DRIVER =
      """
      import java.util.ArrayList;
      import java.util.List;
      import java.util.Random;
      import java.util.function.DoubleSupplier;

      public final class Driver {
        private static final double STEP = 1e-5;
        private static final int LANES = 9;
        private static final int STEPS = 5;
        private static final int[] SIZES = {3, 9, 5};
        private static final int[] FULL_LENGTHS = {5, 5, 5, 5, 5, 5, 5, 5, 5};
        private static final int[] SHORT_LENGTHS = {5, 3, 0, 1, 4, 5, 2, 0, 4};

        private final CellStack stack;
        private final Backpropagation chunk;
        private final List<StackState> begin = new ArrayList<>();
        private final double[] inputs;
        private final double[] loss;
        private int[] lengths = FULL_LENGTHS;

        private Driver(CellKind kind, int[] dilations) {
          Random random = new Random(17);
          List<LayerParameters> layers = new ArrayList<>();
          List<Integer> d = new ArrayList<>();
          for (int i = 0; i < dilations.length; i++) {
            layers.add(
                LayerParameters.random(
                    kind, new LayerParameters.Sizes(SIZES[i], SIZES[i + 1]), random));
            d.add(dilations[i]);
          }
          stack = new CellStack(layers, d);
          chunk = new Backpropagation(stack, LANES, STEPS);
          for (int lane = 0; lane < LANES; lane++) {
            begin.add(reached(6 + lane, random));
          }
          inputs = uniform(chunk.inputs().length, random);
          loss = uniform(chunk.outputs().length, random);
        }

        /** Returns the state after some steps: random numbers are no state of every cell. */
        private StackState reached(int steps, Random random) {
          StackState state = stack.newState();
          Workspace workspace = stack.newWorkspace();
          for (int t = 0; t < steps; t++) {
            stack.step(uniform(stack.inputSize(), random), state, workspace);
          }
          return state;
        }

        /**
         * For every array of every layer, then for the inputs: a row of gradients and a row of
         * central differences.
         */
        public static double[][] stack(String kind, int[] dilations) {
          return new Driver(CellKind.valueOf(kind), dilations).gradients();
        }

        /** Gradients with one dropout mask. */
        public static double[][] stackWithDropout(String kind, int[] dilations) {
          Driver driver = new Driver(CellKind.valueOf(kind), dilations);
          driver.chunk.enableDropout(0.3, new Random(29));
          return driver.gradients();
        }

        /** Gradients with lanes that end before the chunk. */
        public static double[][] stackOfLengths(String kind, int[] dilations) {
          Driver driver = new Driver(CellKind.valueOf(kind), dilations);
          driver.lengths = SHORT_LENGTHS;
          return driver.gradients();
        }

        private double[][] gradients() {
          List<LayerParameters> zeros = new ArrayList<>();
          List<double[]> values = new ArrayList<>();
          List<double[]> gradients = new ArrayList<>();
          for (int i = 0; i < stack.size(); i++) {
            zeros.add(stack.parameters(i).zeros());
            values.addAll(stack.parameters(i).arrays());
            gradients.addAll(zeros.get(i).arrays());
          }
          value();
          System.arraycopy(loss, 0, chunk.outputGradients(), 0, loss.length);
          chunk.backward(zeros);
          values.add(inputs);
          gradients.add(chunk.inputGradients().clone());
          return pairs(values, gradients, this::value);
        }

        private double value() {
          List<StackState> states = new ArrayList<>();
          for (StackState reached : begin) {
            StackState state = stack.newState();
            state.restore(reached.position(), reached.values());
            states.add(state);
          }
          System.arraycopy(inputs, 0, chunk.inputs(), 0, inputs.length);
          chunk.forward(states, lengths);
          return dot(loss, chunk.outputs());
        }

        /** Gradients of a linear layer: weights, bias, inputs. */
        public static double[][] linear(int in, int out, int lanes) {
          Random random = new Random(19);
          Linear layer = Linear.random(in, out, 1, random);
          double[] x = uniform(lanes * in, random);
          double[] loss = uniform(lanes * out, random);
          double[] y = new double[lanes * out];
          double[] dx = new double[lanes * in];
          Linear zeros = layer.zeros();
          layer.backward(x, loss, dx, zeros, layer.transposed());
          List<double[]> values = new ArrayList<>(layer.arrays());
          List<double[]> gradients = new ArrayList<>(zeros.arrays());
          values.add(x);
          gradients.add(dx);
          return pairs(
              values,
              gradients,
              () -> {
                layer.apply(x, y, lanes);
                return dot(loss, y);
              });
        }

        private static double[][] pairs(
            List<double[]> values, List<double[]> gradients, DoubleSupplier loss) {
          double[][] pairs = new double[2 * values.size()][];
          for (int k = 0; k < values.size(); k++) {
            double[] array = values.get(k);
            double[] numeric = new double[array.length];
            for (int i = 0; i < array.length; i++) {
              double original = array[i];
              array[i] = original + STEP;
              double above = loss.getAsDouble();
              array[i] = original - STEP;
              double below = loss.getAsDouble();
              array[i] = original;
              numeric[i] = (above - below) / (2 * STEP);
            }
            pairs[2 * k] = gradients.get(k);
            pairs[2 * k + 1] = numeric;
          }
          return pairs;
        }

        private static double dot(double[] x, double[] y) {
          double sum = 0;
          for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
          }
          return sum;
        }

        private static double[] uniform(int size, Random random) {
          double[] values = new double[size];
          for (int i = 0; i < size; i++) {
            values[i] = 2 * random.nextDouble() - 1;
          }
          return values;
        }
      }
      """;

  private static Class<?> driver = Object.class;

  @BeforeAll
  static void compile() {
    driver = Float64ReferenceCells.compiledWith("Driver", DRIVER);
  }

  static Stream<Arguments> stacks() {
    List<int[]> dilations =
        List.of(
            new int[] {1},
            new int[] {3},
            new int[] {1, 1},
            new int[] {3, 3},
            new int[] {1, 3},
            new int[] {3, 1});
    return Stream.of(CellKind.values())
        .flatMap(kind -> dilations.stream().map(d -> Arguments.of(kind, d)));
  }

  @ParameterizedTest
  @MethodSource("stacks")
  void stackGradientsMatchDifferences(CellKind kind, int[] dilations) throws Exception {
    Method gradients = driver.getMethod("stack", String.class, int[].class);

    double[][] pairs = (double[][]) gradients.invoke(null, kind.name(), dilations);

    assertPairsAgree(pairs);
  }

  @ParameterizedTest
  @MethodSource("stacks")
  void gradientsOfShortLanesMatchDifferences(CellKind kind, int[] dilations) throws Exception {
    Method gradients = driver.getMethod("stackOfLengths", String.class, int[].class);

    double[][] pairs = (double[][]) gradients.invoke(null, kind.name(), dilations);

    assertPairsAgree(pairs);
  }

  @ParameterizedTest
  @EnumSource(CellKind.class)
  void dropoutGradientsMatchDifferences(CellKind kind) throws Exception {
    Method gradients = driver.getMethod("stackWithDropout", String.class, int[].class);
    int[] dilations = {1, 2};

    double[][] pairs = (double[][]) gradients.invoke(null, kind.name(), dilations);

    assertPairsAgree(pairs);
  }

  @Test
  void linearGradientsMatchDifferences() throws Exception {
    Method gradients = driver.getMethod("linear", int.class, int.class, int.class);

    assertPairsAgree((double[][]) gradients.invoke(null, 11, 5, 9));
  }

  private static void assertPairsAgree(double[][] pairs) {
    for (int k = 0; k < pairs.length; k += 2) {
      double[] gradients = pairs[k];
      double[] differences = pairs[k + 1];
      assertThat(gradients).hasSameSizeAs(differences).isNotEmpty();
      for (int i = 0; i < gradients.length; i++) {
        double limit = TOLERANCE * Math.max(0.01, Math.abs(differences[i]));
        assertThat(Math.abs(gradients[i] - differences[i]))
            .as("array %d element %d: %s, differences %s", k / 2, i, gradients[i], differences[i])
            .isLessThanOrEqualTo(limit);
      }
    }
  }
}
