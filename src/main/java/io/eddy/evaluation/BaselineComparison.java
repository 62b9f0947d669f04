package io.eddy.evaluation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.Figures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Where a model stands beside the baselines: the steps ahead and the series on which it is behind.
 */
public final class BaselineComparison {
  private static final int WORST = 5;

  private final Accuracy accuracy;
  private final int series;
  private final List<Behind> behind;

  /** A series on which a baseline errs less than the model. */
  private record Behind(String series, String baseline, double error, double baselineError) {
    /** Above 1. */
    double ratio() {
      return error / baselineError;
    }

    String inWords() {
      return baselineError > 0
          ? String.format(Locale.ROOT, "%.0f %% of %s's", 100 * ratio(), baseline)
          : baseline + " makes no error";
    }
  }

  public BaselineComparison(Backtest backtest) {
    accuracy = backtest.accuracy();
    series = backtest.bySeries().size();
    behind = behind(backtest);
  }

  /** The series on which the model is behind its best baseline, the worst first. */
  private static List<Behind> behind(Backtest backtest) {
    List<String> names = backtest.accuracy().names();
    List<Behind> behind = new ArrayList<>();
    for (Backtest.SeriesErrors one : backtest.bySeries()) {
      double error = mae(one, 0);
      int best = 1;
      for (int i = 2; i < names.size(); i++) {
        best = mae(one, i) < mae(one, best) ? i : best;
      }
      if (error > mae(one, best)) {
        behind.add(new Behind(one.series(), names.get(best), error, mae(one, best)));
      }
    }
    behind.sort(Comparator.comparingDouble(Behind::ratio).reversed());
    return behind;
  }

  private static double mae(Backtest.SeriesErrors series, int forecaster) {
    return series.measures().get(forecaster).meanAbsoluteError();
  }

  /** MASE of a forecaster {@code step} steps ahead, or its MAE where there is no MASE. */
  public double error(int forecaster, int step) {
    ErrorMeasures measures = accuracy.at(forecaster, step);
    double scaled = measures.meanAbsoluteScaledError();
    return Double.isNaN(scaled) ? measures.meanAbsoluteError() : scaled;
  }

  /** Steps ahead at which a baseline's error is below the model's. */
  private List<Integer> stepsBehind(int baseline) {
    List<Integer> steps = new ArrayList<>();
    for (int step = 1; step <= accuracy.horizon(); step++) {
      if (error(0, step) > error(baseline, step)) {
        steps.add(step);
      }
    }
    return steps;
  }

  public void print(Console console) {
    for (int i = 1; i < accuracy.names().size(); i++) {
      console.println("behind %s %s", accuracy.names().get(i), inWords(stepsBehind(i)));
    }
    if (behind.isEmpty()) {
      console.println("behind the best of them on no series");
      return;
    }
    console.println(
        "behind the best of them on %d of %d series, the worst:", behind.size(), series);
    console.println("%-24s%12s%12s", "series", "MAE", "baseline's");
    for (Behind one : behind.subList(0, Math.min(WORST, behind.size()))) {
      console.println(
          "%-24s%12s%12s  %s",
          one.series(),
          Figures.digits(one.error()),
          Figures.digits(one.baselineError()),
          one.inWords());
    }
  }

  /** Steps as ranges; a single one is open where it reaches the horizon. */
  private String inWords(List<Integer> steps) {
    if (steps.isEmpty()) {
      return "at no step ahead";
    }
    int first = steps.get(0);
    if (steps.size() == 1) {
      return "at step " + first;
    }
    if (steps.size() == accuracy.horizon() - first + 1) {
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

  /** Adds the steps at which a baseline is better to its node. */
  public void putSteps(ObjectNode node, int baseline) {
    ArrayNode ahead = node.putArray("betterAtSteps");
    stepsBehind(baseline).forEach(ahead::add);
  }

  /** Adds all of it to the node of a result that has no baselines of its own. */
  public void put(ObjectNode node) {
    ArrayNode baselines = node.putArray("baselines");
    for (int i = 1; i < accuracy.names().size(); i++) {
      putSteps(baselines.addObject().put("name", accuracy.names().get(i)), i);
    }
    putSeries(node);
  }

  /** Adds the series on which the model is behind. */
  public void putSeries(ObjectNode node) {
    ArrayNode worse = node.putArray("seriesBehind");
    for (Behind one : behind) {
      worse
          .addObject()
          .put("series", one.series())
          .put("MAE", one.error())
          .put("baseline", one.baseline())
          .put("baselineMAE", one.baselineError());
    }
  }
}
