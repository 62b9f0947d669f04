package io.eddy.cli.report;

import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.Figures;
import io.eddy.cli.terminal.Table;
import io.eddy.evaluation.BaselineComparison;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The comparison of a model with the baselines, as text and as JSON. */
final class BaselineReport {
  private static final int MAX_SERIES = 5;

  private final BaselineComparison comparison;

  BaselineReport(BaselineComparison comparison) {
    this.comparison = comparison;
  }

  void print(Console console) {
    for (BaselineComparison.BaselineSteps baseline : comparison.baselines()) {
      console.println("worse than %s %s", baseline.name(), describe(baseline.betterSteps()));
    }
    List<BaselineComparison.WorseSeries> worse = comparison.worseSeries();
    if (worse.isEmpty()) {
      console.println("worse than the best baseline on no series");
      return;
    }
    console.println(
        "worse than the best baseline on %d of %d series, the worst:",
        worse.size(), comparison.seriesCount());
    Table table = Table.indented().left("series").right("MAE").right("baseline MAE").left("");
    worse.stream()
        .limit(MAX_SERIES)
        .forEach(
            series ->
                table.row(
                    series.series(),
                    Figures.digits(series.error()),
                    Figures.digits(series.baselineError()),
                    describe(series)));
    table.print(console);
  }

  private static String describe(BaselineComparison.WorseSeries series) {
    return series.baselineError() > 0
        ? String.format(Locale.ROOT, "%.0f %% of %s", 100 * series.ratio(), series.baseline())
        : series.baseline() + " has no error";
  }

  /** Describes steps as ranges; a range that reaches the horizon is open. */
  private String describe(List<Integer> steps) {
    if (steps.isEmpty()) {
      return "at no step";
    }
    int first = steps.get(0);
    if (steps.size() == 1) {
      return "at step " + first;
    }
    if (steps.size() == comparison.horizon() - first + 1) {
      return "from step " + first + " on";
    }
    List<String> ranges = new ArrayList<>();
    int begin = 0;
    for (int i = 1; i <= steps.size(); i++) {
      if (i == steps.size() || steps.get(i) != steps.get(i - 1) + 1) {
        int from = steps.get(begin);
        int to = steps.get(i - 1);
        ranges.add(from == to ? Integer.toString(from) : from + "–" + to);
        begin = i;
      }
    }
    return "at steps " + String.join(", ", ranges);
  }

  /** Returns the baselines as JSON. */
  List<Baseline> baselines() {
    return comparison.baselines().stream()
        .map(baseline -> new Baseline(baseline.name(), baseline.betterSteps()))
        .toList();
  }

  /** Returns the series on which a baseline is better, as JSON. */
  List<WorseSeries> worseSeries() {
    return comparison.worseSeries().stream()
        .map(
            series ->
                new WorseSeries(
                    series.series(), series.error(), series.baseline(), series.baselineError()))
        .toList();
  }

  /** The steps ahead at which a baseline is better, as JSON. */
  record Baseline(String name, List<Integer> betterAtSteps) {}

  /** A series on which a baseline is better, as JSON. */
  record WorseSeries(String series, double mae, String baseline, double baselineMae) {}
}
