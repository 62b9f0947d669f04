package io.eddy.cli.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.Figures;
import io.eddy.evaluation.Accuracy;
import io.eddy.evaluation.Backtest;
import io.eddy.evaluation.BacktestRun;
import io.eddy.evaluation.BaselineComparison;
import io.eddy.evaluation.CentralInterval;
import io.eddy.evaluation.ErrorMeasures;
import io.eddy.evaluation.Retraining;
import io.eddy.model.ModelSpecification;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a backtest says, for people and as JSON. */
public final class BacktestReport {
  private static final int STEPS_SHOWN = 12;
  private static final String MSIS = "MSIS";

  /** The measures that every forecaster has, by the names that people know them by. */
  private static final Map<String, ToDoubleFunction<ErrorMeasures>> FIGURES = new LinkedHashMap<>();

  static {
    FIGURES.put("MASE", ErrorMeasures::meanAbsoluteScaledError);
    FIGURES.put("sMAPE", ErrorMeasures::symmetricPercentageError);
    FIGURES.put("wQL", ErrorMeasures::weightedQuantileLoss);
    FIGURES.put("RMSE", ErrorMeasures::rootMeanSquaredError);
    FIGURES.put("MAE", ErrorMeasures::meanAbsoluteError);
    FIGURES.put(MSIS, ErrorMeasures::meanScaledIntervalScore);
  }

  private final BacktestRun run;
  private final Backtest backtest;
  private final Accuracy accuracy;
  private final BaselineReport baselines;

  public BacktestReport(BacktestRun run, Backtest backtest) {
    this.run = run;
    this.backtest = backtest;
    accuracy = backtest.accuracy();
    baselines = new BaselineReport(BaselineComparison.of(backtest));
  }

  public void print(Console console) {
    ModelSpecification specification = run.model().specification();
    console.println(
        "version %s, %d × %s ahead: %d series, %d origins from %s on, %d points, season %d",
        run.model().version().shortSha(),
        accuracy.horizon(),
        specification.sampling().interval(),
        backtest.bySeries().size(),
        backtest.origins(),
        run.firstOrigin(),
        accuracy.all(0).points(),
        run.season());
    for (Retraining.Trained version : run.versions()) {
      console.println(
          "from %s on version %s: trained on for %d epoch(s), validation loss %.4g",
          Instant.ofEpochMilli(version.rollout().fromMs()),
          version.rollout().model().version().shortSha(),
          version.epochs(),
          version.validationLoss());
    }
    console.println("");
    console.println("%-15s%s", "all steps ahead", header());
    for (int i = 0; i < accuracy.names().size(); i++) {
      console.println("%-15s%s", accuracy.names().get(i), row(accuracy.all(i)));
    }
    printCoverage(console);
    printSteps(console);
    console.println("");
    baselines.print(console);
  }

  private static String header() {
    StringBuilder header = new StringBuilder();
    FIGURES.keySet().forEach(name -> header.append("%10s".formatted(name)));
    return header.toString();
  }

  private static String row(ErrorMeasures measures) {
    StringBuilder row = new StringBuilder();
    FIGURES.values().forEach(figure -> row.append(number(figure.applyAsDouble(measures))));
    return row.toString();
  }

  /** Four digits in ten columns; a dash where there is none. */
  private static String number(double value) {
    return Double.isFinite(value)
        ? String.format(Locale.ROOT, "%10s", Figures.digits(value))
        : "%10s".formatted("-");
  }

  private void printCoverage(Console console) {
    ErrorMeasures model = accuracy.all(0);
    if (model.levels().isEmpty()) {
      return;
    }
    console.println("");
    line(console, "quantile", model.levels().stream().map(String::valueOf));
    line(
        console,
        "came below",
        IntStream.range(0, model.levels().size()).mapToObj(k -> percent(model.coverage(k))));
    if (model.intervals().isEmpty()) {
      return;
    }
    line(console, "interval", model.intervals().stream().map(one -> percent(one.nominal())));
    line(
        console,
        "came within",
        IntStream.range(0, model.intervals().size())
            .mapToObj(i -> percent(model.intervalCoverage(i))));
    console.println(
        "%s is that of the interval of %s",
        MSIS, percent(model.intervals().get(model.scoredInterval()).nominal()));
  }

  private static void line(Console console, String name, Stream<String> cells) {
    console.println("%-15s%s", name, cells.map("%8s"::formatted).collect(Collectors.joining()));
  }

  private void printSteps(Console console) {
    StringBuilder header = new StringBuilder();
    accuracy.names().forEach(name -> header.append("%16s".formatted(name)));
    console.println("");
    console.println("%-15s%s", "MASE by step", header);
    int each = (accuracy.horizon() + STEPS_SHOWN - 1) / STEPS_SHOWN;
    for (int step = 1; step <= accuracy.horizon(); step++) {
      if (step == 1 || step == accuracy.horizon() || step % each == 0) {
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < accuracy.names().size(); i++) {
          row.append("      ").append(number(accuracy.error(i, step)));
        }
        console.println("%-15d%s", step, row);
      }
    }
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  public String json() {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("version", run.model().version().sha());
    node.put("from", run.firstOrigin().toString());
    node.put("interval", run.model().specification().sampling().interval().toString());
    node.put("horizon", accuracy.horizon());
    node.put("season", run.season());
    node.put("series", backtest.bySeries().size());
    node.put("origins", backtest.origins());
    node.put("points", accuracy.all(0).points());
    ArrayNode versions = node.putArray("retrained");
    for (Retraining.Trained version : run.versions()) {
      ObjectNode one = versions.addObject();
      one.put("from", Instant.ofEpochMilli(version.rollout().fromMs()).toString());
      one.put("version", version.rollout().model().version().sha());
      one.put("epochs", version.epochs());
      one.put("validationLoss", version.validationLoss());
    }
    ArrayNode forecasters = node.putArray("forecasters");
    for (int i = 0; i < accuracy.names().size(); i++) {
      ObjectNode one = forecasters.addObject();
      one.put("name", accuracy.names().get(i));
      put(one.putObject("all"), accuracy.all(i));
      ArrayNode steps = one.putArray("steps");
      for (int step = 1; step <= accuracy.horizon(); step++) {
        put(steps.addObject().put("step", step), accuracy.at(i, step));
      }
      if (i > 0) {
        baselines.putSteps(one, i - 1);
      }
    }
    baselines.putSeries(node);
    return node.toString();
  }

  private static void put(ObjectNode node, ErrorMeasures measures) {
    node.put("points", measures.points());
    FIGURES.forEach((name, figure) -> put(node, name, figure.applyAsDouble(measures)));
    if (measures.levels().isEmpty() || Double.isNaN(measures.coverage(0))) {
      return;
    }
    ObjectNode coverage = node.putObject("coverage");
    for (int k = 0; k < measures.levels().size(); k++) {
      put(coverage, "q" + measures.levels().get(k), measures.coverage(k));
    }
    ArrayNode intervals = node.putArray("intervals");
    for (int i = 0; i < measures.intervals().size(); i++) {
      CentralInterval interval = measures.intervals().get(i);
      ObjectNode one = intervals.addObject();
      one.put("lower", measures.levels().get(interval.lower()));
      one.put("upper", measures.levels().get(interval.upper()));
      put(one, "coverage", measures.intervalCoverage(i));
    }
  }

  private static void put(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
    }
  }
}
