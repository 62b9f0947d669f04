package io.eddy.forecast.step;

import static io.eddy.forecast.step.StepFixture.CONTEXT;
import static io.eddy.forecast.step.StepFixture.bits;
import static io.eddy.forecast.step.StepFixture.forecast;
import static io.eddy.forecast.step.StepFixture.observations;
import static io.eddy.forecast.step.StepFixture.withCovariates;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.model.Covariate;
import io.eddy.model.Model;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Covariates;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Observation;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Effects of past and future covariates on forecasts. */
class CovariateForecastTest {
  private final StepFunction steps = new StepFunction();

  @Test
  void unseenCovariatesAreMissing() {
    Model before = Models.model(CellKind.GRU, 8, CONTEXT, 1);
    Model after =
        ModelFile.read(
            Models.file(Models.withCovariates(before.specification(), Covariate.past("load")), 2));
    SeriesState migrated = SeriesState.inMemory(before);
    SeriesState cold = SeriesState.inMemory(after);
    List<Observation> without = observations(140);
    List<Observation> with = withCovariates(without);
    without.subList(0, 100).forEach(observation -> steps.apply(migrated, observation, before, 1));
    without
        .subList(100 - CONTEXT, 100)
        .forEach(observation -> steps.apply(cold, observation, after, 2));

    for (Observation observation : with.subList(100, 140)) {
      assertThat(bits(forecast(steps.apply(migrated, observation, after, 2)).values()))
          .isEqualTo(bits(forecast(steps.apply(cold, observation, after, 2)).values()));
    }
  }

  @Test
  void forecastDependsOnlyOnCovariatesOfModel() {
    Model model =
        ModelFile.read(
            Models.file(
                Models.withCovariates(
                    Models.specification(CellKind.GRU, 8, CONTEXT), Covariate.past("load")),
                1));
    List<Observation> all = withCovariates(observations(30));
    Observation last = all.get(29);

    long[] forecast = lastForecast(all, last.covariates(), model);

    assertThat(lastForecast(all, new Covariates(Map.of("load", 5.0)), model))
        .isNotEqualTo(forecast);
    assertThat(lastForecast(all, Covariates.NONE, model)).isNotEqualTo(forecast);
    Map<String, Double> otherHeight = new HashMap<>(last.covariates().values());
    otherHeight.put("height", -1.0);
    assertThat(lastForecast(all, new Covariates(otherHeight), model)).isEqualTo(forecast);
  }

  @Test
  void forecastUsesFutureCovariatesWithinHorizonOnly() {
    Model model =
        ModelFile.read(
            Models.file(
                Models.withCovariates(
                    Models.withStepsDecoder(Models.specification(CellKind.GRU, 8, CONTEXT), 5),
                    Covariate.future("load"),
                    Covariate.past("height")),
                1));
    List<Observation> all = withCovariates(observations(30));

    long[] forecast = lastForecast(all, Map.of("load", new double[] {1, 2, 3, 4}), model);

    int perStep = forecast.length / 4;
    for (int j = 1; j <= 4; j++) {
      double[] changed = {1, 2, 3, 4};
      changed[j - 1] = -7;
      long[] other = lastForecast(all, Map.of("load", changed), model);
      for (int k = 1; k <= 4; k++) {
        long[] before = Arrays.copyOfRange(forecast, (k - 1) * perStep, k * perStep);
        long[] after = Arrays.copyOfRange(other, (k - 1) * perStep, k * perStep);
        assertThat(Arrays.equals(before, after)).as("%d on %d", j, k).isEqualTo(k != j);
      }
    }
    assertThat(
            lastForecast(
                all,
                Map.of(
                    "load", new double[] {1, 2, 3, 4, -1e30},
                    "height", new double[] {9, 9},
                    "other", new double[] {9, 9}),
                model))
        .isEqualTo(forecast);
  }

  /** Unknown future values use the last value; the model distinguishes them from known ones. */
  @Test
  void unknownFutureStepsUseLastKnownValue() {
    Model model =
        ModelFile.read(
            Models.file(
                Models.withCovariates(
                    Models.withStepsDecoder(Models.specification(CellKind.GRU, 8, CONTEXT), 5),
                    Covariate.future("load")),
                1));
    List<Observation> all = withCovariates(observations(30));
    double nan = Double.NaN;

    long[] cut = lastForecast(all, Map.of("load", new double[] {1, 2}), model);

    assertThat(lastForecast(all, Map.of("load", new double[] {1, 2, nan, nan}), model))
        .isEqualTo(cut);
    assertThat(lastForecast(all, Map.of("load", new double[] {1, 2, 2, 2}), model))
        .isNotEqualTo(cut);
    assertThat(lastForecast(all, Map.of("load", new double[] {1, nan, nan, nan}), model))
        .isNotEqualTo(cut);
    assertThat(lastForecast(all, Map.of("load", new double[] {nan, 2}), model))
        .isNotEqualTo(cut)
        .isNotEqualTo(lastForecast(all, Map.of(), model));
  }

  private long[] lastForecast(List<Observation> all, Map<String, double[]> ahead, Model model) {
    SeriesState state = SeriesState.inMemory(model);
    Observation last = all.get(all.size() - 1);
    all.subList(0, all.size() - 1)
        .forEach(observation -> steps.apply(state, observation, model, 1));
    StepResult result =
        steps.apply(state, last.withFutureCovariates(FutureCovariates.of(ahead)), model, 1);
    return bits(forecast(result).values());
  }

  private long[] lastForecast(List<Observation> all, Covariates covariates, Model model) {
    SeriesState state = SeriesState.inMemory(model);
    Observation last = all.get(all.size() - 1);
    all.subList(0, all.size() - 1)
        .forEach(observation -> steps.apply(state, observation, model, 1));
    Observation changed =
        new Observation(last.series(), last.timestampMs(), last.value(), covariates);
    return bits(forecast(steps.apply(state, changed, model, 1)).values());
  }
}
