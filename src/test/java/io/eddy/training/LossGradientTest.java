package io.eddy.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.model.BaselineSpec;
import io.eddy.model.Covariate;
import io.eddy.model.DecoderKind;
import io.eddy.model.HeadKind;
import io.eddy.model.LossKind;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.nn.Float64ReferenceCells;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the gradients of every head, loss and decoder, with respect to the decoder's weights and
 * the hidden states, with central differences in float64 on the source that trains in float32.
 */
final class LossGradientTest {
  /**
   * Relative tolerance; gradients below 0.01 are treated as 0.01. With a step of 1e-5, the
   * truncation error of the differences is its square times the third derivative, and the rounding
   * error that of a loss below 1000 divided by the step.
   */
  private static final double TOLERANCE = 1e-6;

  private static final List<String> SOURCES =
      List.of(
          "model/Decoder",
          "model/LinearDecoder",
          "model/StepsDecoder",
          "model/HeadWorkspace",
          "model/Minibatch",
          "model/FutureCovariateEncoder",
          "series/Calendar",
          "model/Softplus",
          "model/Readout",
          "model/PointReadout",
          "model/StandardQuantile",
          "model/QuantileReadout",
          "model/DistributionReadout",
          "model/Exponential",
          "model/Logarithm",
          "model/NegativeBinomial",
          "model/CountReadout",
          "model/SoftmaxReadout",
          "training/Loss",
          "training/PointLoss",
          "training/QuantileLoss",
          "training/GaussianLoss",
          "training/StudentTLoss",
          "training/Gamma",
          "training/CountLoss",
          "training/CrossEntropyLoss");

  private static final String DRIVER =
      """
      import io.eddy.model.ModelSpecification;
      import java.util.ArrayList;
      import java.util.List;
      import java.util.Random;

      public final class LossDriver {
        private static final double STEP = 1e-5;
        private static final int LANES = 3;
        private static final int STEPS = 3;
        private static final int HIDDEN = 7;

        private final ModelSpecification.Output output;
        private final Decoder decoder;
        private final Loss loss;
        private final double[] hidden = new double[STEPS * LANES * HIDDEN];
        private final Minibatch lanes;
        private final double[] targets;
        private final double[] raw;

        public LossDriver(ModelSpecification specification) {
          output = specification.output();
          Random random = new Random(23);
          decoder = Decoder.random(specification, 2, random);
          loss = Loss.of(output);
          targets = new double[STEPS * LANES * output.horizon()];
          raw = new double[STEPS * LANES * output.rawSize()];
          lanes =
              new Minibatch(
                  new long[LANES], new double[STEPS * LANES * decoder.sizes().futureSize()]);
          for (int lane = 0; lane < LANES; lane++) {
            lanes.origins()[lane] = 1000 + 7 * lane;
          }
          for (int i = 0; i < lanes.futureCovariates().length; i++) {
            lanes.futureCovariates()[i] = i % 5 == 3 ? Double.NaN : 4 * random.nextDouble() - 2;
          }
          for (double[] array : List.of(hidden, targets)) {
            for (int i = 0; i < array.length; i++) {
              array[i] = 4 * random.nextDouble() - 2;
            }
          }
        }

        private double target(int i) {
          if (output.hasCounts()) {
            loss.setRate(1 + i % 3);
            return i % 5;
          }
          return output.isClassification() ? i % output.classes() : targets[i];
        }

        private double value() {
          decoder.apply(hidden, lanes, raw);
          double sum = 0;
          for (int i = 0; i < targets.length; i++) {
            sum += loss.apply(raw, i * output.rawPerStep(), target(i));
          }
          return sum;
        }

        public double[][] pairs() {
          value();
          Decoder zeros = decoder.zeros();
          double[] hiddenGradients = new double[hidden.length];
          decoder.backward(hidden, lanes, raw, hiddenGradients, zeros);
          List<double[]> values = new ArrayList<>(decoder.arrays());
          List<double[]> gradients = new ArrayList<>(zeros.arrays());
          values.add(hidden);
          gradients.add(hiddenGradients);
          List<double[]> pairs = new ArrayList<>();
          for (int k = 0; k < values.size(); k++) {
            double[] array = values.get(k);
            double[] numeric = new double[array.length];
            for (int i = 0; i < array.length; i++) {
              double original = array[i];
              array[i] = original + STEP;
              double above = value();
              array[i] = original - STEP;
              double below = value();
              array[i] = original;
              numeric[i] = (above - below) / (2 * STEP);
            }
            pairs.add(gradients.get(k));
            pairs.add(numeric);
          }
          return pairs.toArray(new double[0][]);
        }
      }
      """;

  private static Class<?> driver = Object.class;

  @BeforeAll
  static void compile() {
    driver = Float64ReferenceCells.compiledWith("LossDriver", DRIVER, SOURCES);
  }

  static Stream<Arguments> headsAndLosses() {
    return Arrays.stream(HeadKind.values())
        .flatMap(
            head ->
                head.losses().stream()
                    .flatMap(
                        loss ->
                            Stream.of(
                                Arguments.of(head, loss, 0, true, 0),
                                Arguments.of(head, loss, 9, false, 0),
                                Arguments.of(head, loss, 9, true, 0),
                                Arguments.of(head, loss, 9, false, 2),
                                Arguments.of(head, loss, 9, true, 2))));
  }

  @ParameterizedTest
  @MethodSource("headsAndLosses")
  void headGradientsMatchDifferences(
      HeadKind head, LossKind loss, int width, boolean hasCalendar, int future) throws Exception {
    List<Double> levels = head.hasLevels() ? List.of(0.1, 0.3, 0.5, 0.75, 0.9) : List.of();
    ModelSpecification.Output output =
        new ModelSpecification.Output(
            3,
            head,
            loss,
            levels,
            head == HeadKind.SOFTMAX ? 4 : 0,
            width == 0
                ? ModelSpecification.Decoding.LINEAR
                : new ModelSpecification.Decoding(DecoderKind.STEPS, width),
            BaselineSpec.NAIVE);
    ModelSpecification plain = Models.specification(CellKind.GRU, 7, 24);
    ModelSpecification specification =
        new ModelSpecification(
            plain.network(),
            plain.sampling(),
            new ModelSpecification.Inputs(1, hasCalendar, 24)
                .withCovariates(
                    IntStream.range(0, future).mapToObj(i -> Covariate.future("c" + i)).toList()),
            output,
            24,
            plain.provenance());
    Object instance = driver.getConstructor(ModelSpecification.class).newInstance(specification);
    Method pairs = driver.getMethod("pairs");

    double[][] arrays = (double[][]) pairs.invoke(instance);

    for (int k = 0; k < arrays.length; k += 2) {
      double[] gradients = arrays[k];
      double[] differences = arrays[k + 1];
      assertThat(gradients).hasSameSizeAs(differences).isNotEmpty();
      for (int i = 0; i < gradients.length; i++) {
        assertThat(Math.abs(gradients[i] - differences[i]))
            .as("array %d element %d: %s, differences %s", k / 2, i, gradients[i], differences[i])
            .isLessThanOrEqualTo(TOLERANCE * Math.max(0.01, Math.abs(differences[i])));
      }
    }
  }
}
