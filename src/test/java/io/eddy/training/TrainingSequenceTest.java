package io.eddy.training;

import static io.eddy.training.TrainerFixture.driven;
import static io.eddy.training.TrainerFixture.planned;
import static io.eddy.training.TrainerFixture.sines;
import static io.eddy.training.TrainerFixture.specification;
import static io.eddy.training.TrainerFixture.withFutureCovariates;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.model.Baseline;
import io.eddy.model.Covariate;
import io.eddy.model.InputEncoder;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.series.CovariateColumns;
import io.eddy.series.Covariates;
import io.eddy.series.SteppedSeries;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TrainingSequenceTest {
  @Test
  void inputsDoNotDependOnLaterValues() {
    ModelSpecification specification = specification(CellKind.GRU, List.of(0.5));
    SteppedSeries series = sines(1, 100).get(0);
    double[] changed = series.values().clone();
    Arrays.fill(changed, 60, 100, -1e6);
    int size = new InputEncoder(specification).size();

    TrainingSequence before =
        TrainingSequence.of(series, specification, new Baseline(specification, null)).get(0);
    TrainingSequence after =
        TrainingSequence.of(
                new SteppedSeries("x", series.firstStep(), changed),
                specification,
                new Baseline(specification, null))
            .get(0);

    for (int t = 0; t < 60; t++) {
      float[] expected = new float[size];
      float[] actual = new float[size];
      before.input(t, expected, 0);
      after.input(t, actual, 0);
      assertThat(actual).isEqualTo(expected);
    }
  }

  @Test
  void inputsDoNotDependOnLaterCovariates() {
    ModelSpecification specification =
        Models.withCovariates(
            specification(CellKind.GRU, List.of(0.5)),
            Covariate.past("load"),
            Covariate.staticCovariate("height", 1, 2));
    SteppedSeries series = driven(1, 100).get(0);
    CovariateColumns changed = new CovariateColumns(100);
    for (int t = 0; t < 60; t++) {
      changed.set(t, series.covariates().row(t));
    }
    changed.set(80, new Covariates(Map.of("load", -1e30, "height", 9.0)));
    Baseline base = new Baseline(specification, null);

    TrainingSequence before = TrainingSequence.of(series, specification, base).get(0);
    TrainingSequence after =
        TrainingSequence.of(
                new SteppedSeries("x", series.firstStep(), series.values(), changed),
                specification,
                base)
            .get(0);

    float[] expected = new float[new InputEncoder(specification).size()];
    float[] actual = expected.clone();
    for (int t = 0; t < 60; t++) {
      before.input(t, expected, 0);
      after.input(t, actual, 0);
      assertThat(actual).isEqualTo(expected);
    }
    before.input(60, expected, 0);
    after.input(60, actual, 0);
    assertThat(actual).isNotEqualTo(expected);
  }

  @Test
  void futureCovariatesCoverHorizonOnly() {
    ModelSpecification specification =
        Models.withCovariates(
            Models.withStepsDecoder(specification(CellKind.GRU, List.of(0.5)), 5),
            Covariate.future("load"),
            Covariate.past("height"));
    int horizon = specification.output().horizon();
    SteppedSeries series = withFutureCovariates(planned(1, 100).get(0), horizon);
    double[] values = series.values().clone();
    Arrays.fill(values, 60, 100, -1e6);
    CovariateColumns covariates = new CovariateColumns(100);
    for (int t = 0; t < 100; t++) {
      covariates.set(t, series.covariates().row(t));
    }
    covariates.set(80, "load", 7);
    covariates.set(80, "height", -7);
    Baseline base = new Baseline(specification, null);

    TrainingSequence before = TrainingSequence.of(series, specification, base).get(0);
    TrainingSequence after =
        TrainingSequence.of(
                withFutureCovariates(
                    new SteppedSeries("x", series.firstStep(), values, covariates), horizon),
                specification,
                base)
            .get(0);

    float[] expected = new float[horizon + 1];
    float[] actual = new float[horizon + 1];
    for (int t = 0; t < 60; t++) {
      before.ahead(t, expected, 0);
      after.ahead(t, actual, 0);
      assertThat(actual).isEqualTo(expected);
    }
    for (int t = 60; t < 80; t++) {
      before.ahead(t, expected, 0);
      after.ahead(t, actual, 0);
      for (int j = 0; j <= horizon; j++) {
        assertThat(actual[j] == expected[j]).as("%d, %d ahead", t, j).isEqualTo(t + j != 80);
      }
    }
  }

  @Test
  void splitsSeriesAtLongGap() {
    ModelSpecification specification = specification(CellKind.GRU, List.of(0.5));
    double[] values = new double[60];
    Arrays.fill(values, 10, 13, Double.NaN);
    Arrays.fill(values, 30, 40, Double.NaN);

    List<TrainingSequence> sequences =
        TrainingSequence.of(
            new SteppedSeries("x", 1000, values), specification, new Baseline(specification, null));

    assertThat(sequences).extracting(TrainingSequence::firstStep).containsExactly(1000L, 1040L);
    assertThat(sequences).extracting(TrainingSequence::steps).containsExactly(30, 20);
  }
}
