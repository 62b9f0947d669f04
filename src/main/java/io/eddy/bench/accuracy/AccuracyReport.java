package io.eddy.bench.accuracy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ProgressBar;
import io.eddy.evaluation.Backtest;
import io.eddy.evaluation.ErrorMeasures;
import io.eddy.evaluation.ModelSwitch;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Results of a protocol's forecasts, compared with seasonal naive on the same points and with
 * published results.
 *
 * @param protocol the protocol
 * @param outcomes of its tasks
 * @param isHeldOut whether the protocol was moved back into its training part
 * @param seed of the first member
 * @param seconds the run took
 */
public record AccuracyReport(
    AccuracyProtocol protocol,
    List<Outcome> outcomes,
    boolean isHeldOut,
    long seed,
    double seconds) {
  private static final int MODEL = 0;
  private static final int SEASONAL_NAIVE = 1;

  /**
   * The result of a task.
   *
   * @param task what was forecast
   * @param switches the versions in the order of their times
   * @param backtest the errors
   * @param networks the errors without the combination with simple forecasts; null for a model
   *     without one
   * @param file of the forecasts
   */
  public record Outcome(
      AccuracyTask task,
      List<ModelSwitch> switches,
      Backtest backtest,
      @Nullable Backtest networks,
      Path file) {}

  /** Returns the results of the networks alone by name; empty if nothing is combined with them. */
  Map<String, Double> networkFigures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (Outcome outcome : outcomes) {
      Backtest networks = outcome.networks();
      if (networks != null) {
        figures.putAll(
            protocol.figures(outcome.task(), protocol.measured(networks.accuracy(), MODEL)));
      }
    }
    return figures;
  }

  /** Returns the results of a forecaster by name, over all tasks. */
  Map<String, Double> figures(int forecaster) {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (Outcome outcome : outcomes) {
      figures.putAll(protocol.figures(outcome.task(), measured(outcome, forecaster)));
    }
    return figures;
  }

  private ErrorMeasures measured(Outcome outcome, int forecaster) {
    return protocol.measured(outcome.backtest().accuracy(), forecaster);
  }

  public void print(Console console) {
    console.println(
        "%s%s",
        protocol.title(), isHeldOut ? ", moved back into the training part (--hold-out)" : "");
    Map<String, Double> model = figures(MODEL);
    StringBuilder header = new StringBuilder("%-28s".formatted(""));
    model.keySet().forEach(name -> header.append("%10s".formatted(name)));
    console.println("%s", header);
    row(console, "this run", model, model.keySet());
    Map<String, Double> networks = networkFigures();
    if (!networks.isEmpty()) {
      row(console, "networks alone, this run", networks, model.keySet());
    }
    row(console, "seasonal naive, this run", figures(SEASONAL_NAIVE), model.keySet());
    protocol
        .published()
        .forEach(result -> row(console, result.name(), result.figures(), model.keySet()));
    for (Outcome outcome : outcomes) {
      printCoverage(console, outcome);
    }
    console.println("%ntook %s", ProgressBar.time(seconds));
    for (Outcome outcome : outcomes) {
      console.println(
          "wrote %s: %d origins of %d series, %d version(s)",
          outcome.file(),
          outcome.backtest().origins(),
          outcome.task().scored().size(),
          outcome.switches().size());
    }
  }

  private static void row(
      Console console, String name, Map<String, Double> figures, Set<String> columns) {
    StringBuilder row = new StringBuilder("%-28s".formatted(name));
    for (String column : columns) {
      Double figure = figures.get(column);
      row.append(
          figure == null || figure.isNaN()
              ? "%10s".formatted("-")
              : String.format(Locale.ROOT, "%10.4f", figure));
    }
    console.println("%s", row);
  }

  private void printCoverage(Console console, Outcome outcome) {
    ErrorMeasures measures = measured(outcome, MODEL);
    if (measures.levels().isEmpty()) {
      return;
    }
    StringBuilder levels = new StringBuilder("%-28s".formatted("quantile"));
    StringBuilder coverage =
        new StringBuilder("%-28s".formatted("coverage, " + outcome.task().name()));
    for (int k = 0; k < measures.levels().size(); k++) {
      levels.append("%7s".formatted(measures.levels().get(k)));
      coverage.append(String.format(Locale.ROOT, "%7.3f", measures.coverage(k)));
    }
    console.println(
        "%n%s%n%s  maximum deviation %s",
        levels, coverage, String.format(Locale.ROOT, "%.3f", maxDeviation(measures)));
  }

  /** Returns the maximum deviation of a quantile's coverage from its level; 0 without quantiles. */
  private static double maxDeviation(ErrorMeasures measures) {
    return IntStream.range(0, measures.levels().size())
        .mapToDouble(k -> Math.abs(measures.coverage(k) - measures.levels().get(k)))
        .max()
        .orElse(0);
  }

  public String json() {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("protocol", protocol.id());
    node.put("heldOut", isHeldOut);
    node.put("seed", seed);
    node.put("seconds", seconds);
    put(node.putArray("figures"), figures(MODEL));
    put(node.putArray("networks"), networkFigures());
    put(node.putArray("seasonalNaive"), figures(SEASONAL_NAIVE));
    ArrayNode published = node.putArray("published");
    for (AccuracyProtocol.Published result : protocol.published()) {
      put(published.addObject().put("name", result.name()).putArray("figures"), result.figures());
    }
    ArrayNode tasks = node.putArray("tasks");
    for (Outcome outcome : outcomes) {
      ErrorMeasures measures = measured(outcome, MODEL);
      ObjectNode task = tasks.addObject();
      task.put("name", outcome.task().name());
      task.put("forecasts", outcome.file().toString());
      task.put("series", outcome.task().scored().size());
      task.put("origins", outcome.backtest().origins());
      task.put("points", measures.points());
      ArrayNode coverage = task.putArray("coverage");
      for (int k = 0; k < measures.levels().size(); k++) {
        coverage
            .addObject()
            .put("level", measures.levels().get(k))
            .put("coverage", measures.coverage(k));
      }
      task.put("coverageOff", maxDeviation(measures));
      ArrayNode versions = task.putArray("versions");
      outcome.switches().forEach(change -> versions.add(change.model().version().sha()));
    }
    return node.toString();
  }

  private static void put(ArrayNode array, Map<String, Double> figures) {
    figures.forEach(
        (name, value) ->
            array
                .addObject()
                .put("name", name.toLowerCase(Locale.ROOT))
                .put("value", Double.isFinite(value) ? value : null));
  }
}
