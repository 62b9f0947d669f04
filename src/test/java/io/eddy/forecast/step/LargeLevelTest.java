package io.eddy.forecast.step;

import static io.eddy.forecast.step.StepFixture.CONTEXT;
import static io.eddy.forecast.step.StepFixture.HOUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.model.HeadKind;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forecasts of values of a large level and a small variation. */
class LargeLevelTest {
  private static final int STEPS = 300;

  /** Forecasts and scores of a series, in units of its amplitude around its level. */
  private record Run(List<double[]> forecasts, List<double[]> errors) {}

  @ParameterizedTest
  @CsvSource({
    "1.7e9, 5",
    "-1.7e9, 5",
    "52.52, 0.0001",
    "101325, 30",
    "1e12, 5",
    "1234567890123, 100",
    "0, 1e-9",
    "1e-9, 1e-13",
    "20, 5",
    "16777216, 1",
    "-0.5, 1e-7"
  })
  void forecastsDoNotDependOnTheLevel(double level, double amplitude) {
    for (HeadKind head : List.of(HeadKind.POINT, HeadKind.QUANTILES, HeadKind.GAUSSIAN)) {
      Model model = model(head);

      Run expected = run(model, 0, 1, x -> x);
      Run actual = run(model, level, amplitude, x -> x);

      // Values are float64: at 1e12 their distance is 1e-4, which is 2e-5 of the amplitude 5.
      assertAllClose(actual.forecasts(), expected.forecasts(), 1e-3);
      assertAllClose(actual.errors(), expected.errors(), 1e-3);
    }
  }

  @ParameterizedTest
  @CsvSource({"1.7e9", "-52.5200417", "20.1", "1e12", "1e-9", "0"})
  void constantSeriesIsForecastAsItsValue(double value) {
    for (HeadKind head : List.of(HeadKind.POINT, HeadKind.QUANTILES, HeadKind.STUDENT_T)) {
      Run run = run(model(head), 0, 1, x -> value);

      for (double forecast : run.forecasts().get(run.forecasts().size() - 1)) {
        assertThat(forecast).isCloseTo(value, within(1e-10 * Math.abs(value) + 1e-30));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1.7e9, 5", "52.52, 0.0001", "1e12, 5", "0, 1"})
  void seriesThatBecomesConstantIsForecastAsItsValue(double level, double amplitude) {
    Run run =
        run(
            model(HeadKind.QUANTILES),
            0,
            1,
            x -> level + (Math.abs(x) > 0 ? amplitude * x : 0),
            STEPS / 4);

    for (double forecast : run.forecasts().get(run.forecasts().size() - 1)) {
      assertThat(forecast).isCloseTo(level, within(0.02 * amplitude));
    }
  }

  @Test
  void firstForecastUsesTheInitialScale() {
    ModelSpecification specification = Models.specification(CellKind.GRU, 8, CONTEXT);
    ModelSpecification scaled =
        new ModelSpecification(
            specification.network(),
            specification.sampling(),
            specification.inputs().withInitialScale(3),
            specification.output(),
            specification.contextLength(),
            specification.provenance());
    Model model = ModelFile.read(Models.file(scaled, 5));
    SeriesState state = SeriesState.inMemory(model);

    Forecast first =
        StepFixture.forecast(
            new StepFunction().apply(state, new Observation("a", HOUR, 1.7e9), model, 1));

    for (double value : first.values()) {
      assertThat(value).isCloseTo(1.7e9, within(3 * 10.0));
    }
    assertThat(first.value(1, 0)).isNotEqualTo(1.7e9);
  }

  private static Model model(HeadKind head) {
    ModelSpecification specification =
        Models.withOutput(Models.specification(CellKind.GRU, 8, CONTEXT), Models.output(head));
    return ModelFile.read(Models.file(specification, 5));
  }

  private static Run run(Model model, double level, double amplitude, DoubleUnaryOperator shape) {
    return run(model, level, amplitude, shape, STEPS);
  }

  /** Runs a noisy sine of some steps, followed by zeros. */
  private static Run run(
      Model model, double level, double amplitude, DoubleUnaryOperator shape, int varying) {
    StepFunction steps = new StepFunction();
    SeriesState state = SeriesState.inMemory(model);
    SplittableRandom random = new SplittableRandom(7);
    List<double[]> forecasts = new ArrayList<>();
    List<double[]> errors = new ArrayList<>();
    for (int t = 0; t < STEPS; t++) {
      double x = t < varying ? StrictMath.sin(t / 4.0) + 0.1 * random.nextDouble() : 0;
      double value = level + amplitude * shape.applyAsDouble(x);
      StepResult.Advanced result =
          (StepResult.Advanced) steps.apply(state, new Observation("a", t * HOUR, value), model, 1);
      if (t >= CONTEXT) {
        double[] values = result.forecast().values().clone();
        for (int i = 0; i < values.length; i++) {
          values[i] = (values[i] - level) / amplitude;
        }
        forecasts.add(values);
        Score score = result.score();
        if (score != null) {
          errors.add(scaled(score.absoluteError(), amplitude));
          errors.add(scaled(score.baseAbsoluteError(), amplitude));
          errors.add(scaled(score.naiveAbsoluteError(), amplitude));
          errors.add(scaled(score.pinballLoss(), amplitude));
        }
      }
    }
    return new Run(forecasts, errors);
  }

  private static double[] scaled(float[] errors, double amplitude) {
    double[] scaled = new double[errors.length];
    for (int i = 0; i < errors.length; i++) {
      scaled[i] = errors[i] / amplitude;
    }
    return scaled;
  }

  private static void assertAllClose(
      List<double[]> actual, List<double[]> expected, double tolerance) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i)).containsExactly(expected.get(i), within(tolerance));
    }
  }
}
