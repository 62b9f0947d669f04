package io.eddy.cli.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.Table;
import io.eddy.forecast.Forecast;
import io.eddy.kafka.preview.SeriesPreview;
import io.eddy.model.Model;
import io.eddy.model.Precision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** The comparison of a version with the serving version, as text and as JSON. */
public final class PreviewReport {
  private static final int SHOWN_STEPS = 5;

  private final Model model;
  private final List<SeriesPreview> series;

  public PreviewReport(Model model, List<SeriesPreview> series) {
    this.model = model;
    this.series = series;
  }

  /** Prints the comparison as text. */
  public void print(Console console) {
    console.println(
        "version %s compared with the serving version at the last events of %d series",
        model.version().shortSha(), series.size());
    for (SeriesPreview preview : series) {
      console.println("");
      print(console, preview);
    }
    List<SeriesPreview> compared =
        series.stream()
            .filter(preview -> !Double.isNaN(preview.difference()))
            .sorted(Comparator.comparingDouble(SeriesPreview::difference))
            .toList();
    if (compared.isEmpty()) {
      return;
    }
    SeriesPreview largest = compared.get(compared.size() - 1);
    boolean areClasses = largest.serving() != null && largest.serving().classes() > 0;
    console.println("");
    console.println(
        "difference over %d series: median %s, largest %s (%s), in %s",
        compared.size(),
        percent(compared.get((compared.size() - 1) / 2).difference()),
        percent(largest.difference()),
        largest.series(),
        areClasses ? "probability" : "units of the serving version's widest interval");
    List<Double> byStep = SeriesPreview.byStep(series);
    console.println(
        "difference by step ahead: %s",
        shownSteps(byStep.size()).stream()
            .map(step -> step + ": " + percent(byStep.get(step - 1)))
            .collect(Collectors.joining(", ")));
  }

  private static void print(Console console, SeriesPreview preview) {
    Forecast serving = preview.serving();
    if (serving == null) {
      console.println("%s: %s", preview.series(), preview.trouble());
      return;
    }
    Forecast proposed = preview.proposed();
    console.println(
        "%s: forecast origin %s, %d steps replayed%s",
        preview.series(),
        Instant.ofEpochMilli(serving.origin().timestampMs()),
        preview.steps(),
        proposed != null && !proposed.origin().warm()
            ? "; NOT WARM: %d of %d steps known"
                .formatted(
                    proposed.origin().quality().warmSteps(),
                    proposed.origin().quality().contextSteps())
            : "");
    if (proposed == null) {
      console.println("  %s", preview.trouble());
      return;
    }
    double[] differences = preview.differences();
    Table table =
        Table.indented()
            .right("step ahead")
            .left("serving version " + serving.origin().served().version().shortSha())
            .left("new version " + proposed.origin().served().version().shortSha())
            .right("difference");
    for (int step : shownSteps(Math.min(serving.horizon(), proposed.horizon()))) {
      table.row(
          step,
          describe(serving, step),
          describe(proposed, step),
          differences.length < step ? null : percent(differences[step - 1]));
    }
    table.print(console);
  }

  /** Returns the first and the last step ahead and some between them. */
  private static List<Integer> shownSteps(int horizon) {
    TreeSet<Integer> steps = new TreeSet<>();
    for (int i = 0; i < SHOWN_STEPS && horizon > 0; i++) {
      steps.add(1 + (horizon - 1) * i / (SHOWN_STEPS - 1));
    }
    return List.copyOf(steps);
  }

  /** Returns the median with the widest interval, or the most probable class. */
  private static String describe(Forecast forecast, int step) {
    if (forecast.classes() > 0) {
      int likeliest = forecast.likeliest(step);
      return "class %d (%s)".formatted(likeliest, percent(forecast.value(step, likeliest)));
    }
    int levels = forecast.quantileLevels().size();
    String median = number(forecast.median(step));
    return levels < 2
        ? median
        : "%s (%s to %s)"
            .formatted(
                median, number(forecast.value(step, 0)), number(forecast.value(step, levels - 1)));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.5g", value);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2g %%", 100 * share);
  }

  /** Returns the comparison as JSON. */
  public String json() {
    double[] differences =
        series.stream()
            .mapToDouble(SeriesPreview::difference)
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    int last = differences.length - 1;
    return Json.write(
        new Result(
            model.version().sha(),
            last < 0 ? null : differences[last / 2],
            last < 0 ? null : differences[last],
            last < 0 ? null : SeriesPreview.byStep(series),
            series.stream().map(Series::of).toList()));
  }

  private record Result(
      String version,
      @JsonInclude(Include.NON_NULL) @Nullable Double median,
      @JsonInclude(Include.NON_NULL) @Nullable Double worst,
      @JsonInclude(Include.NON_NULL) @Nullable List<Double> byStep,
      List<Series> series) {}

  private record Series(
      String series,
      int steps,
      @Nullable PreviewForecast serving,
      @Nullable PreviewForecast proposed,
      @JsonInclude(Include.NON_NULL) @Nullable Double difference,
      @JsonInclude(Include.NON_NULL) @Nullable List<Double> byStep,
      @JsonInclude(Include.NON_EMPTY) String trouble) {
    static Series of(SeriesPreview preview) {
      boolean isCompared = Double.isFinite(preview.difference());
      return new Series(
          preview.series(),
          preview.steps(),
          PreviewForecast.of(preview.serving()),
          PreviewForecast.of(preview.proposed()),
          isCompared ? preview.difference() : null,
          isCompared ? DoubleStream.of(preview.differences()).boxed().toList() : null,
          preview.trouble());
    }
  }

  private record PreviewForecast(
      String version,
      String origin,
      boolean warm,
      int warmSteps,
      List<Double> quantileLevels,
      List<Number> values) {
    static @Nullable PreviewForecast of(@Nullable Forecast forecast) {
      if (forecast == null) {
        return null;
      }
      Forecast.Origin origin = forecast.origin();
      return new PreviewForecast(
          origin.served().version().sha(),
          Instant.ofEpochMilli(origin.timestampMs()).toString(),
          origin.warm(),
          origin.quality().warmSteps(),
          forecast.quantileLevels(),
          boxed(forecast.values()));
    }

    private static List<Number> boxed(double[] values) {
      List<Number> boxed = new ArrayList<>(values.length);
      for (double value : values) {
        boxed.add(Precision.number(value));
      }
      return boxed;
    }
  }
}
