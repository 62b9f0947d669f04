package io.eddy.training;

import static io.eddy.training.TrainerFixture.QUICK;
import static io.eddy.training.TrainerFixture.settings;
import static io.eddy.training.TrainerFixture.sines;
import static io.eddy.training.TrainerFixture.specification;
import static io.eddy.training.TrainerFixture.train;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.model.BaselineSpec;
import io.eddy.model.HeadKind;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.series.SteppedSeries;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trains models of each kind of forecast. */
final class HeadTrainingTest {
  @ParameterizedTest
  @EnumSource(
      value = HeadKind.class,
      names = {"GAUSSIAN", "STUDENT_T"})
  void learnsDistribution(HeadKind head) {
    ModelSpecification specification =
        Models.withOutput(
            specification(CellKind.GRU, List.of(0.1, 0.5, 0.9)),
            new ModelSpecification.Output(3, head, List.of(0.1, 0.5, 0.9), BaselineSpec.NAIVE));
    List<SteppedSeries> series = sines(6, 400);

    Trainer.Result result = train(specification, series, QUICK, 2);
    Trainer.Result untrained = train(specification, series, settings(1, 1e-9, 1), 2);

    // Halving the standard deviation lowers the negative log-likelihood by log 2.
    assertThat(result.validationLoss()).isLessThan(untrained.validationLoss() - StrictMath.log(2));
  }

  /** The classes cycle, except at one step in ten; a uniform guess has a loss of log 4. */
  @Test
  void learnsSequenceOfClasses() {
    ModelSpecification specification =
        Models.withOutput(
            specification(CellKind.GRU, List.of(0.5)),
            ModelSpecification.Output.ofClasses(3, 4, BaselineSpec.NAIVE));
    List<SteppedSeries> series = cyclingClasses(6, 400);

    Trainer.Result result = train(specification, series, QUICK, 2);

    assertThat(result.validationLoss()).isLessThan(0.5 * StrictMath.log(4));
    assertThat(train(specification, series, QUICK, 1).toFile(specification))
        .isEqualTo(result.toFile(specification));
  }

  @Test
  void rejectsValueThatIsNoClass() {
    ModelSpecification specification =
        Models.withOutput(
            specification(CellKind.GRU, List.of(0.5)),
            ModelSpecification.Output.ofClasses(3, 3, BaselineSpec.NAIVE));

    assertThatThrownBy(() -> train(specification, cyclingClasses(1, 100), QUICK, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "series series-0, step at 1970-02-11T19:00:00Z: expected a class, a"
                + " whole number from 0 to 2, got 3.0");
  }

  private static List<SteppedSeries> cyclingClasses(int count, int steps) {
    SplittableRandom random = new SplittableRandom(5);
    List<SteppedSeries> series = new ArrayList<>();
    for (int s = 0; s < count; s++) {
      double[] values = new double[steps];
      for (int t = 1; t < steps; t++) {
        double next = (values[t - 1] + 1) % 4;
        values[t] = random.nextInt(10) == 0 ? values[t - 1] : next;
      }
      series.add(new SteppedSeries("series-" + s, 1000, values));
    }
    return series;
  }

  @Test
  void learnsPointForecast() {
    ModelSpecification specification = specification(CellKind.GRU, List.of());
    List<SteppedSeries> series = sines(6, 400);

    Trainer.Result result = train(specification, series, QUICK, 2);
    Trainer.Result untrained = train(specification, series, settings(1, 1e-9, 1), 2);

    assertThat(result.validationLoss()).isLessThan(0.5 * untrained.validationLoss());
  }

  @Test
  void stepsDecoderUsesFutureCalendar() {
    List<SteppedSeries> series = dailySeasons(6, 500);
    ModelSpecification linear = specification(CellKind.GRU, List.of(0.1, 0.5, 0.9));
    ModelSpecification steps =
        Models.withStepsDecoder(
            new ModelSpecification(
                linear.network(),
                linear.sampling(),
                new ModelSpecification.Inputs(1, true, 24),
                linear.output(),
                linear.contextLength(),
                linear.provenance()),
            16);

    Trainer.Result result = train(steps, series, QUICK, 2);
    Trainer.Result untrained = train(steps, series, settings(1, 1e-9, 1), 2);

    assertThat(result.validationLoss()).isLessThan(0.5 * untrained.validationLoss());
    assertThat(train(steps, series, QUICK, 3).toFile(steps)).isEqualTo(result.toFile(steps));
  }

  private static List<SteppedSeries> dailySeasons(int count, int steps) {
    SplittableRandom random = new SplittableRandom(5);
    List<SteppedSeries> series = new ArrayList<>();
    for (int s = 0; s < count; s++) {
      double[] values = new double[steps];
      for (int t = 0; t < steps; t++) {
        double phase = 2 * Math.PI * ((1000 + t) % 24) / 24;
        values[t] = 10 * StrictMath.sin(phase) + random.nextGaussian();
      }
      series.add(new SteppedSeries("series-" + s, 1000, values));
    }
    return series;
  }
}
