package io.eddy.cli.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.cli.option.ModelSource;
import io.eddy.cli.terminal.Console;
import io.eddy.dataset.CsvObservations;
import io.eddy.dataset.SeriesData;
import io.eddy.evaluation.ContextLengthCheck;
import io.eddy.kafka.config.EddySettings;
import io.eddy.kafka.history.TopicHistory;
import io.eddy.model.Model;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** How well a model's context is chosen for data, as people and programs read it. */
public final class ContextReport {
  /** What {@code --context} takes, for its description. */
  public static final String DATA =
      "data, a CSV (series,timestamp,value[,covariate…], plain or .gz) or topic:NAME";

  private static final String TOPIC = "topic:";
  private static final ObjectMapper JSON = new ObjectMapper();

  private ContextReport() {}

  /**
   * Looks at data.
   *
   * @param data as {@code --context} takes them
   * @param settings of the broker; asked for where the data are a topic
   * @throws IllegalArgumentException where the data are too short to say anything
   */
  public static ContextLengthCheck of(
      Model model, String data, Supplier<EddySettings> settings, Console console) {
    List<String> covariates = model.specification().inputs().covariateNames();
    List<SeriesData> read =
        data.startsWith(TOPIC)
            ? history(settings.get(), data.substring(TOPIC.length()), covariates, console)
            : CsvObservations.readSeries(Path.of(data), covariates);
    return ContextLengthCheck.of(
            model,
            ModelSource.lookingAhead(model.specification(), read).stream()
                .map(one -> one.stepped(model.specification().sampling()))
                .toList())
        .orElseThrow(() -> new IllegalArgumentException(tooShort(model)));
  }

  private static List<SeriesData> history(
      EddySettings settings, String topic, List<String> covariates, Console console) {
    TopicHistory.Result result = new TopicHistory(settings, topic, covariates).read();
    RejectionReport.print(console, topic, result.rejected());
    return result.series();
  }

  /** What is said of data that say nothing. */
  public static String tooShort(Model model) {
    return "no series has a run of %d steps, twice the context, in which it changes: how well it is"
            .formatted(2 * model.specification().contextLength())
        + " chosen is not known";
  }

  public static void print(Console console, ContextLengthCheck fit) {
    console.println(
        "a state rebuilt from the context's %d steps beside one from %d, at %d places of %d"
            + " series:",
        fit.context(), 2 * fit.context(), fit.places(), fit.series());
    console.println("  %-24s %10s %10s", "differs by", "median", "99 of 100");
    for (int i = 0; i < fit.members().size(); i++) {
      List<ContextLengthCheck.Spread> layers = fit.members().get(i);
      for (int layer = 0; layer < layers.size(); layer++) {
        String name = "state of layer " + layer;
        row(
            console,
            fit.members().size() > 1 ? "member " + i + ", " + name : name,
            layers.get(layer));
      }
    }
    row(console, "forecasts", fit.forecasts());
    console.println(
        "states in their own size, forecasts in the standard deviation of their series' last %d"
            + " steps",
        2 * fit.context());
  }

  /** Says what to do where the context is short. */
  public static void warn(Console console, ContextLengthCheck fit) {
    if (fit.isShort()) {
      console.printErr(
          "WARNING: the context of %d steps is short: what lies before it makes a difference of"
              + " more than %s at half of the places, or of more than %s at one in a hundred, and"
              + " is forgotten when weights change. Train with --context %d, or longer still",
          fit.context(),
          share(ContextLengthCheck.ALLOWED.median()),
          share(ContextLengthCheck.ALLOWED.high()),
          2 * fit.context());
    }
  }

  private static void row(Console console, String name, ContextLengthCheck.Spread spread) {
    console.println("  %-24s %10s %10s", name, share(spread.median()), share(spread.high()));
  }

  private static String share(double value) {
    return String.format(Locale.ROOT, "%.2g %%", 100 * value);
  }

  public static ObjectNode json(ContextLengthCheck fit) {
    ObjectNode node = JSON.createObjectNode();
    node.put("context", fit.context());
    node.put("places", fit.places());
    node.put("series", fit.series());
    put(node.putObject("forecasts"), fit.forecasts());
    ArrayNode members = node.putArray("members");
    for (List<ContextLengthCheck.Spread> layers : fit.members()) {
      ArrayNode states = members.addObject().putArray("layers");
      layers.forEach(layer -> put(states.addObject(), layer));
    }
    put(node.putObject("allowed"), ContextLengthCheck.ALLOWED);
    node.put("short", fit.isShort());
    return node;
  }

  private static void put(ObjectNode node, ContextLengthCheck.Spread spread) {
    node.put("median", spread.median());
    node.put("high", spread.high());
  }
}
