package io.eddy.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.Figures;
import io.eddy.evaluation.BaselineComparison;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints the comparison of a model with the baselines, or writes it as JSON. */
public final class BaselineReport {
  private static final int MAX_SERIES = 5;

  private final BaselineComparison comparison;

  public BaselineReport(BaselineComparison comparison) {
    this.comparison = comparison;
  }

  public void print(Console console) {
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
    console.println("%-24s%12s%12s", "series", "MAE", "baseline MAE");
    for (BaselineComparison.WorseSeries series :
        worse.subList(0, Math.min(MAX_SERIES, worse.size()))) {
      console.println(
          "%-24s%12s%12s  %s",
          series.series(),
          Figures.digits(series.error()),
          Figures.digits(series.baselineError()),
          describe(series));
    }
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

  /** Adds the whole comparison to a result. */
  public void putInto(ObjectNode node) {
    ArrayNode baselines = node.putArray("baselines");
    for (int i = 0; i < comparison.baselines().size(); i++) {
      String name = comparison.baselines().get(i).name();
      putSteps(baselines.addObject().put("name", name), i);
    }
    putSeries(node);
  }

  /** Adds the steps at which a baseline is better, counted from 0, to the baseline's node. */
  void putSteps(ObjectNode node, int baseline) {
    ArrayNode steps = node.putArray("betterAtSteps");
    comparison.baselines().get(baseline).betterSteps().forEach(steps::add);
  }

  /** Adds the series on which a baseline is better. */
  void putSeries(ObjectNode node) {
    ArrayNode array = node.putArray("worseSeries");
    for (BaselineComparison.WorseSeries series : comparison.worseSeries()) {
      array
          .addObject()
          .put("series", series.series())
          .put("MAE", series.error())
          .put("baseline", series.baseline())
          .put("baselineMAE", series.baselineError());
    }
  }
}
