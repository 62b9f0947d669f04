package io.eddy.evaluation;

import io.eddy.dataset.SeriesData;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.series.SteppedSeries;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The last part of the data's time, which training does not use.
 *
 * @param data all observations
 * @param series the same data as steps, in the same order
 * @param from grid index of the first step of the split; earlier steps only advance the state
 * @param season season of seasonal naive and of MASE, in steps
 * @param threads that process series in parallel; the result does not depend on them
 */
record TestSplit(
    List<SeriesData> data, List<SteppedSeries> series, long from, int season, int threads) {
  /** Returns this split without the steps before {@code step}. */
  TestSplit startingAt(long step) {
    return new TestSplit(data, series, Math.max(from, step), season, threads);
  }

  /** Runs a backtest of a model that does not forecast classes. */
  Backtest measure(Model model, List<ReferenceForecast> baselines) {
    Backtest backtest =
        new Backtest(
            List.of(new ModelSwitch(Long.MIN_VALUE, model)),
            new Backtest.Plan(1, season, baselines));
    List<SeriesData> known = withFutureCovariates(model.specification());
    backtest.run(
        IntStream.range(0, known.size())
            .mapToObj(
                i ->
                    new Backtest.Pass(
                        series.get(i), from, () -> known.get(i).observations().iterator()))
            .toList(),
        threads);
    return backtest;
  }

  /** Measures a model of classes. */
  ClassAccuracy measureClasses(Model model) {
    List<SteppedSeries> known =
        withFutureCovariates(model.specification()).stream()
            .map(s -> s.stepped(model.specification().sampling()))
            .toList();
    return ClassAccuracy.of(model, known, from, season);
  }

  private List<SeriesData> withFutureCovariates(ModelSpecification specification) {
    List<String> names = specification.inputs().futureNames();
    return data.stream()
        .map(
            s ->
                s.withFutureCovariates(
                    names, specification.sampling().interval(), specification.output().horizon()))
        .toList();
  }
}
