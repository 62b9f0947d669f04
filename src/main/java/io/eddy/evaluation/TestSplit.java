package io.eddy.evaluation;

import io.eddy.cli.option.ModelSource;
import io.eddy.dataset.SeriesData;
import io.eddy.model.Model;
import io.eddy.series.SteppedSeries;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The last part of the data's time, which a training did not see.
 *
 * @param data all observations
 * @param series the same by steps, in the same order
 * @param from first step of the grid that is held out; those before only advance the state
 * @param season steps of the season of seasonal naive and of MASE
 * @param threads that go through series at once; the result does not depend on it
 */
record TestSplit(
    List<SeriesData> data, List<SteppedSeries> series, long from, int season, int threads) {
  /** Every forecast of a model of amounts, as the stream would have made it. */
  Backtest measure(Model model, List<ReferenceForecast> baselines) {
    Backtest backtest =
        new Backtest(
            List.of(new ModelSwitch(Long.MIN_VALUE, model)),
            new Backtest.Plan(1, season, baselines));
    List<SeriesData> known = ModelSource.lookingAhead(model.specification(), data);
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

  /** The same of a model of classes. */
  ClassAccuracy measureClasses(Model model) {
    List<SteppedSeries> known =
        ModelSource.lookingAhead(model.specification(), data).stream()
            .map(one -> one.stepped(model.specification().sampling()))
            .toList();
    return ClassAccuracy.of(model, known, from, season);
  }
}
