package io.eddy.cli.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.Figures;
import io.eddy.cli.terminal.Table;
import io.eddy.evaluation.Accuracy;
import io.eddy.evaluation.Backtest;
import io.eddy.evaluation.BacktestRun;
import io.eddy.evaluation.BaselineComparison;
import io.eddy.evaluation.CentralInterval;
import io.eddy.evaluation.ErrorMeasures;
import io.eddy.evaluation.Retraining;
import io.eddy.model.ModelSpecification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The result of a backtest, as tables and as JSON. */
public final class BacktestReport {
  private static final int SHOWN_STEPS = 12;
  private static final String MSIS = "MSIS";

  /** The measures of every forecaster by their common abbreviations. */
  private static final Map<String, ToDoubleFunction<ErrorMeasures>> MEASURES =
      new LinkedHashMap<>();

  static {
    MEASURES.put("MASE", ErrorMeasures::meanAbsoluteScaledError);
    MEASURES.put("sMAPE", ErrorMeasures::symmetricPercentageError);
    MEASURES.put("wQL", ErrorMeasures::weightedQuantileLoss);
    MEASURES.put("RMSE", ErrorMeasures::rootMeanSquaredError);
    MEASURES.put("MAE", ErrorMeasures::meanAbsoluteError);
    MEASURES.put(MSIS, ErrorMeasures::meanScaledIntervalScore);
  }

  private final BacktestRun run;
  private final Backtest backtest;
  private final Accuracy accuracy;
  private final BaselineReport baselines;
  private final DataReport data;

  /**
   * Creates a report.
   *
   * @param data what was read
   */
  public BacktestReport(BacktestRun run, Backtest backtest, DataReport data) {
    this.data = data;
    this.run = run;
    this.backtest = backtest;
    accuracy = backtest.accuracy();
    baselines = new BaselineReport(BaselineComparison.of(backtest));
  }

  /** Prints the result as tables. */
  public void print(Console console) {
    ModelSpecification specification = run.model().specification();
    console.println(
        "version %s, horizon %d × %s: %d series, %d origins from %s, %d points, season %d",
        run.model().version().shortSha(),
        accuracy.horizon(),
        specification.sampling().interval(),
        backtest.bySeries().size(),
        backtest.origins(),
        run.firstOrigin(),
        accuracy.all(0).points(),
        run.season());
    for (Retraining.Version version : run.versions()) {
      console.println(
          "from %s version %s: retrained for %d epoch(s), validation loss %.4g",
          Instant.ofEpochMilli(version.activation().fromMs()),
          version.activation().model().version().shortSha(),
          version.epochs(),
          version.validationLoss());
    }
    console.println("");
    printMeasures(console);
    printCoverage(console);
    console.println("");
    printSteps(console);
    console.println("");
    baselines.print(console);
  }

  /** Warns of origins at which the model has already seen the values that it forecasts. */
  public void warn(Console console) {
    run.learnedUntil().ifPresent(time -> warn(console, time));
    run.missingFutureCovariates().forEach(sentence -> console.printErr("WARNING: %s", sentence));
  }

  private void warn(Console console, Instant learnedUntil) {
    console.printErr(
        "WARNING: the model has learned from data up to %s (%s): if these are the same series, the"
            + " errors before that time are lower than on new data; give --from %s and later data,"
            + " or a model trained with --no-refit",
        learnedUntil, run.model().specification().provenance().data(), learnedUntil);
  }

  private void printMeasures(Console console) {
    Table table = new Table().left("all steps ahead");
    MEASURES.keySet().forEach(table::right);
    for (int i = 0; i < accuracy.names().size(); i++) {
      ErrorMeasures measures = accuracy.all(i);
      addRow(
          table,
          accuracy.names().get(i),
          MEASURES.values().stream().map(measure -> number(measure.applyAsDouble(measures))));
    }
    table.print(console);
  }

  private static void addRow(Table table, Object name, Stream<String> cells) {
    table.row(Stream.concat(Stream.of(name), cells).toArray());
  }

  private static String number(double value) {
    return Double.isFinite(value) ? Figures.digits(value) : "-";
  }

  private void printCoverage(Console console) {
    ErrorMeasures model = accuracy.all(0);
    if (model.levels().isEmpty()) {
      return;
    }
    console.println("");
    Table quantiles = new Table().left("quantile");
    model.levels().forEach(level -> quantiles.right(String.valueOf(level)));
    addRow(
        quantiles,
        "values below",
        IntStream.range(0, model.levels().size()).mapToObj(k -> percent(model.coverage(k))));
    quantiles.print(console);
    if (model.intervals().isEmpty()) {
      return;
    }
    console.println("");
    Table intervals = new Table().left("interval");
    model.intervals().forEach(interval -> intervals.right(percent(interval.nominal())));
    addRow(
        intervals,
        "values within",
        IntStream.range(0, model.intervals().size())
            .mapToObj(i -> percent(model.intervalCoverage(i))));
    intervals.print(console);
    console.println(
        "%s of the %s interval",
        MSIS, percent(model.intervals().get(model.scoredInterval()).nominal()));
  }

  private void printSteps(Console console) {
    Table table = new Table().left("MASE by step");
    accuracy.names().forEach(table::right);
    int distance = (accuracy.horizon() + SHOWN_STEPS - 1) / SHOWN_STEPS;
    for (int step = 1; step <= accuracy.horizon(); step++) {
      if (step == 1 || step == accuracy.horizon() || step % distance == 0) {
        int shown = step;
        addRow(
            table,
            step,
            IntStream.range(0, accuracy.names().size())
                .mapToObj(i -> number(accuracy.error(i, shown))));
      }
    }
    table.print(console);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** Returns the result as JSON, with the measures of every step ahead. */
  public String json() {
    List<Forecaster> forecasters = new ArrayList<>();
    List<BaselineReport.Baseline> compared = baselines.baselines();
    for (int i = 0; i < accuracy.names().size(); i++) {
      List<Step> steps = new ArrayList<>();
      for (int step = 1; step <= accuracy.horizon(); step++) {
        steps.add(new Step(step, Measures.of(accuracy.at(i, step))));
      }
      forecasters.add(
          new Forecaster(
              accuracy.names().get(i),
              Measures.of(accuracy.all(i)),
              steps,
              i == 0 ? null : compared.get(i - 1).betterAtSteps()));
    }
    return Json.write(
        new Result(
            run.model().version().sha(),
            run.firstOrigin().toString(),
            run.learnedUntil().map(Instant::toString).orElse(null),
            run.model().specification().sampling().interval().toString(),
            accuracy.horizon(),
            run.season(),
            backtest.bySeries().size(),
            backtest.origins(),
            accuracy.all(0).points(),
            run.versions().stream().map(RetrainedVersion::of).toList(),
            forecasters,
            baselines.worseSeries(),
            data));
  }

  private record Result(
      String version,
      String from,
      @JsonInclude(Include.NON_NULL) @Nullable String learnedUntil,
      String interval,
      int horizon,
      int season,
      int series,
      long origins,
      long points,
      List<RetrainedVersion> retrained,
      List<Forecaster> forecasters,
      List<BaselineReport.WorseSeries> worseSeries,
      DataReport data) {}

  private record RetrainedVersion(String from, String version, int epochs, double validationLoss) {
    static RetrainedVersion of(Retraining.Version trained) {
      return new RetrainedVersion(
          Instant.ofEpochMilli(trained.activation().fromMs()).toString(),
          trained.activation().model().version().sha(),
          trained.epochs(),
          trained.validationLoss());
    }
  }

  private record Forecaster(
      String name,
      Measures all,
      List<Step> steps,
      @JsonInclude(Include.NON_NULL) @Nullable List<Integer> betterAtSteps) {}

  private record Step(int step, @JsonUnwrapped Measures measures) {}

  private record Measures(
      long points,
      @Nullable Double mase,
      @Nullable Double smape,
      @Nullable Double wql,
      @Nullable Double rmse,
      @Nullable Double mae,
      @Nullable Double msis,
      @JsonInclude(Include.NON_NULL) @Nullable List<LevelCoverage> coverage,
      @JsonInclude(Include.NON_NULL) @Nullable List<IntervalCoverage> intervals) {
    static Measures of(ErrorMeasures measures) {
      boolean hasCoverage = !measures.levels().isEmpty() && !Double.isNaN(measures.coverage(0));
      return new Measures(
          measures.points(),
          Json.finite(measures.meanAbsoluteScaledError()),
          Json.finite(measures.symmetricPercentageError()),
          Json.finite(measures.weightedQuantileLoss()),
          Json.finite(measures.rootMeanSquaredError()),
          Json.finite(measures.meanAbsoluteError()),
          Json.finite(measures.meanScaledIntervalScore()),
          hasCoverage ? coverage(measures) : null,
          hasCoverage ? intervals(measures) : null);
    }

    private static List<LevelCoverage> coverage(ErrorMeasures measures) {
      return IntStream.range(0, measures.levels().size())
          .mapToObj(k -> new LevelCoverage(measures.levels().get(k), measures.coverage(k)))
          .toList();
    }

    private static List<IntervalCoverage> intervals(ErrorMeasures measures) {
      List<IntervalCoverage> intervals = new ArrayList<>();
      for (int i = 0; i < measures.intervals().size(); i++) {
        CentralInterval interval = measures.intervals().get(i);
        intervals.add(
            new IntervalCoverage(
                measures.levels().get(interval.lower()),
                measures.levels().get(interval.upper()),
                Json.finite(measures.intervalCoverage(i))));
      }
      return intervals;
    }
  }

  /** The share of values below a quantile. */
  private record LevelCoverage(double level, double coverage) {}

  private record IntervalCoverage(double lower, double upper, @Nullable Double coverage) {}
}
