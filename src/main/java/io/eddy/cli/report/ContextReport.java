package io.eddy.cli.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.eddy.cli.option.CsvFormatOptions;
import io.eddy.cli.option.ModelSource;
import io.eddy.cli.option.OptionCheck;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.Table;
import io.eddy.dataset.SeriesData;
import io.eddy.dataset.csv.CsvData;
import io.eddy.dataset.csv.CsvObservations;
import io.eddy.dataset.csv.CsvOptions;
import io.eddy.evaluation.ContextLengthCheck;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.history.TopicHistory;
import io.eddy.model.Model;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The check of a model's context length, as text and as JSON. */
public final class ContextReport {
  /** Describes the argument of {@code --context}. */
  public static final String DATA =
      "a CSV file (series,timestamp,value[,covariate…] or as --columns says, plain or gzip) or"
          + " topic:NAME";

  private static final String TOPIC = "topic:";

  private ContextReport() {}

  /**
   * Checks the context length of a model.
   *
   * @param data argument of {@code --context}
   * @param settings settings for reading a topic
   * @param format format of a CSV file
   * @throws IllegalArgumentException if the data are too short
   */
  public static ContextLengthCheck of(
      Model model,
      String data,
      Supplier<EddyConfig> settings,
      CsvFormatOptions format,
      Console console) {
    List<String> covariates = model.specification().inputs().covariateNames();
    List<SeriesData> series =
        data.startsWith(TOPIC)
            ? history(settings.get(), data.substring(TOPIC.length()), covariates, console)
            : csv(model, Path.of(data), format.options(settings.get()), console);
    return ContextLengthCheck.of(
            model,
            ModelSource.withFutureCovariates(model.specification(), series).stream()
                .map(s -> s.stepped(model.specification().sampling()))
                .toList())
        .orElseThrow(() -> new IllegalArgumentException(tooShort(model)));
  }

  private static List<SeriesData> csv(Model model, Path file, CsvOptions options, Console console) {
    OptionCheck.requireReadable(file);
    CsvData data =
        CsvObservations.read(file, options, model.specification().inputs().covariateNames());
    DataReport.of(data, model.specification().sampling()).print(console);
    return data.series();
  }

  private static List<SeriesData> history(
      EddyConfig settings, String topic, List<String> covariates, Console console) {
    TopicHistory.Result result = new TopicHistory(settings, topic, covariates).read();
    TopicDataReport.print(console, topic, result);
    return result.data().series();
  }

  /** Returns the message for data that are too short. */
  public static String tooShort(Model model) {
    return "cannot check the context length: no series has %d consecutive steps, twice the context,"
            .formatted(2 * model.specification().contextLength())
        + " with more than one value";
  }

  /** Prints the differences as a table. */
  public static void print(Console console, ContextLengthCheck check) {
    console.println(
        "context length %d: states rebuilt from %d and from %d steps, compared at %d points of %d"
            + " series",
        check.context(), check.context(), 2 * check.context(), check.places(), check.series());
    Table table = Table.indented().left("difference").right("median").right("99th percentile");
    for (int i = 0; i < check.members().size(); i++) {
      List<ContextLengthCheck.Spread> layers = check.members().get(i);
      for (int layer = 0; layer < layers.size(); layer++) {
        String name = "state of layer " + layer;
        addRow(
            table,
            check.members().size() > 1 ? "member " + i + ", " + name : name,
            layers.get(layer));
      }
    }
    addRow(table, "forecasts", check.forecasts());
    table.print(console);
    console.println(
        "states relative to their norm, forecasts relative to the standard deviation of the last %d"
            + " steps",
        2 * check.context());
  }

  private static void addRow(Table table, String name, ContextLengthCheck.Spread spread) {
    table.row(name, percent(spread.median()), percent(spread.high()));
  }

  /** Prints a warning if the context is too short. */
  public static void warn(Console console, ContextLengthCheck check) {
    if (check.isShort()) {
      console.printErr(
          "WARNING: the context length of %d steps is too short: earlier steps change the state by"
              + " more than %s in the median or more than %s in the 99th percentile, and are lost"
              + " when weights change; train with --context %d or longer",
          check.context(),
          percent(ContextLengthCheck.ALLOWED.median()),
          percent(ContextLengthCheck.ALLOWED.high()),
          2 * check.context());
    }
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2g %%", 100 * share);
  }

  /** Returns a check as JSON. */
  public static String json(ContextLengthCheck check) {
    return Json.write(Fit.of(check));
  }

  /**
   * A check as JSON.
   *
   * @param places number of points that were compared
   * @param allowed the largest differences of a context that is long enough
   */
  record Fit(
      int context,
      int places,
      int series,
      Spread forecasts,
      List<Layers> members,
      Spread allowed,
      @JsonProperty("short") boolean isShort) {

    static Fit of(ContextLengthCheck check) {
      return new Fit(
          check.context(),
          check.places(),
          check.series(),
          Spread.of(check.forecasts()),
          check.members().stream()
              .map(layers -> new Layers(layers.stream().map(Spread::of).toList()))
              .toList(),
          Spread.of(ContextLengthCheck.ALLOWED),
          check.isShort());
    }
  }

  private record Layers(List<Spread> layers) {}

  private record Spread(double median, double high) {
    static Spread of(ContextLengthCheck.Spread spread) {
      return new Spread(spread.median(), spread.high());
    }
  }
}
