package io.eddy.training;

import static io.eddy.training.TrainerFixture.driven;
import static io.eddy.training.TrainerFixture.planned;
import static io.eddy.training.TrainerFixture.settings;
import static io.eddy.training.TrainerFixture.specification;
import static io.eddy.training.TrainerFixture.train;
import static io.eddy.training.TrainerFixture.withFutureCovariates;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.model.Covariate;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Observation;
import io.eddy.series.SteppedSeries;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Trains models with past and known-future covariates. */
final class CovariateTrainingTest {
  @Test
  void learnsFromFutureCovariate() {
    ModelSpecification plain = specification(CellKind.GRU, List.of(0.1, 0.5, 0.9));
    ModelSpecification past =
        Models.withCovariates(Models.withStepsDecoder(plain, 16), Covariate.past("load"));
    ModelSpecification future =
        Models.withCovariates(Models.withStepsDecoder(plain, 16), Covariate.future("load"));
    List<SteppedSeries> series =
        planned(6, 400).stream()
            .map(each -> withFutureCovariates(each, plain.output().horizon()))
            .toList();
    TrainingSettings settings = settings(12, 0.01, 1);

    Trainer.Result baselineResult = train(past, series, settings, 2);
    Trainer.Result result = train(future, series, settings, 2);

    assertThat(result.validationLoss()).isLessThan(0.3 * baselineResult.validationLoss());
    assertThat(train(future, series, settings, 1).toFile(future)).isEqualTo(result.toFile(future));
  }

  /** Without future covariates the network is about as good as one that never had them. */
  @Test
  void forecastsWithoutFutureCovariates() {
    ModelSpecification plain = specification(CellKind.GRU, List.of(0.1, 0.5, 0.9));
    ModelSpecification future =
        Models.withCovariates(Models.withStepsDecoder(plain, 16), Covariate.future("load"));
    List<SteppedSeries> unplanned = planned(6, 400);
    List<SteppedSeries> series =
        unplanned.stream()
            .map(each -> withFutureCovariates(each, plain.output().horizon()))
            .toList();
    TrainingSettings settings = settings(12, 0.01, 1);
    Model baselineResult = ModelFile.read(train(plain, unplanned, settings, 2).toFile(plain));
    Model model = ModelFile.read(train(future, series, settings, 2).toFile(future));

    assertThat(error(model, unplanned)).isLessThan(1.15 * error(baselineResult, unplanned));
    assertThat(error(model, series)).isLessThan(0.4 * error(baselineResult, series));
  }

  /** Mean absolute error of the medians over the last quarter of the steps. */
  private static double error(Model model, List<SteppedSeries> series) {
    StepFunction steps = new StepFunction();
    double sum = 0;
    int count = 0;
    for (SteppedSeries each : series) {
      SeriesState state = SeriesState.inMemory(model);
      double[] x = each.values();
      for (int t = 0; t < x.length; t++) {
        long timeMs = model.specification().sampling().startMs(each.firstStep() + t);
        Observation step =
            new Observation(
                each.name(), timeMs, x[t], each.covariates().row(t), each.futureCovariates(t));
        Forecast forecast = ((StepResult.Advanced) steps.close(state, step, model)).forecast();
        for (int j = 1; t >= 3 * x.length / 4 && t + j < x.length && j <= 3; j++) {
          sum += Math.abs(forecast.median(j) - x[t + j]);
          count++;
        }
      }
    }
    return sum / count;
  }

  @Test
  void learnsFromPastCovariate() {
    ModelSpecification without = specification(CellKind.GRU, List.of(0.1, 0.5, 0.9));
    ModelSpecification with = Models.withCovariates(without, Covariate.past("load"));
    List<SteppedSeries> series = driven(6, 400);

    TrainingSettings settings = settings(12, 0.01, 1);

    Trainer.Result baselineResult = train(without, series, settings, 2);
    Trainer.Result result = train(with, series, settings, 2);

    assertThat(result.validationLoss()).isLessThan(0.5 * baselineResult.validationLoss());
    assertThat(train(with, series, settings, 1).toFile(with)).isEqualTo(result.toFile(with));
  }
}
