package io.eddy.cli.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.option.ModelSource;
import io.eddy.cli.option.ScopeOptions;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.forecast.Forecast;
import io.eddy.kafka.config.EddySettings;
import io.eddy.kafka.config.UsageException;
import io.eddy.kafka.preview.Preview;
import io.eddy.kafka.preview.SeriesPreview;
import io.eddy.model.Model;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eddy models preview}. */
@Command(
    name = "preview",
    description = {
      "Shows what a version would forecast in the place of what serves, before anything is"
          + " switched: the last events of some series are replayed under the version that serves"
          + " them, and at the last one the new version takes over, as it would if it were"
          + " activated just before.",
      "The new forecasts are what the stream would publish, bit for bit. What serves is given as"
          + " rebuilt from twice the context; --from goes further back. Reads only. Exit code 1"
          + " where the version would be refused, or could not forecast a series."
    },
    mixinStandardHelpOptions = true)
final class PreviewCommand implements Callable<Integer> {
  private static final int MOST_SERIES = 1000;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private ScopeOptions scope = new ScopeOptions();

  @Parameters(
      paramLabel = "NEW",
      description = "The version's first digits, or a model file that is not published yet.")
  private String version = "";

  @Option(
      names = "--series",
      paramLabel = "K",
      defaultValue = "5",
      description =
          "How many series of the last events to look at, of those in --prefix or --share alone."
              + " Default: ${DEFAULT-VALUE}.")
  private int sample;

  @Option(
      names = "--key",
      paramLabel = "NAME",
      description = "Look at this series instead; may be repeated.")
  private List<String> keys = List.of();

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Replay all records from that time on, as in 2026-01-20T00:00:00Z.")
  private @Nullable Instant from;

  @Option(names = "--json", description = "Print the result as JSON, with every value.")
  private boolean isJson;

  @Override
  public Integer call() {
    if (sample < 1 || sample > MOST_SERIES) {
      throw new UsageException("--series: expected 1 to %d, got %d".formatted(MOST_SERIES, sample));
    }
    EddySettings settings = connection.settings();
    Preview preview = new Preview(settings.client(), settings.stream());
    Model model =
        version.matches("[0-9a-f]{1,64}")
            ? preview.published(version)
            : preview.unpublished(ModelSource.bytes(Path.of(version)));
    List<SeriesPreview> found =
        preview.run(
            model,
            new Preview.Choice(
                List.copyOf(new TreeSet<>(keys)),
                sample,
                scope.scope(),
                from == null ? null : Long.valueOf(from.toEpochMilli())));
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "no series was found among the last events of " + settings.stream().topics().source());
    }
    Console console = Console.of(spec);
    if (isJson) {
      console.println("%s", json(model, found));
    } else {
      tell(console, model, found);
    }
    return found.stream().allMatch(one -> one.trouble().isEmpty()) ? 0 : ExitCode.FAILED;
  }

  private static void tell(Console console, Model model, List<SeriesPreview> found) {
    console.println(
        "version %s in the place of what serves, at the last events of %d series:",
        model.version().shortSha(), found.size());
    for (SeriesPreview one : found) {
      console.println("");
      tell(console, one);
    }
    List<SeriesPreview> compared =
        found.stream()
            .filter(one -> !Double.isNaN(one.difference()))
            .sorted(Comparator.comparingDouble(SeriesPreview::difference))
            .toList();
    if (compared.isEmpty()) {
      return;
    }
    SeriesPreview worst = compared.get(compared.size() - 1);
    console.println("");
    console.println(
        "they differ by %s in the median of %d series, by %s at worst (%s)%s",
        share(compared.get((compared.size() - 1) / 2).difference()),
        compared.size(),
        share(worst.difference()),
        worst.series(),
        worst.serving() != null && worst.serving().classes() > 0
            ? ", of the probability"
            : ", of the width of what served");
    List<Double> byStep = SeriesPreview.byStep(found);
    console.println(
        "by steps ahead: %s",
        shown(byStep.size()).stream()
            .map(step -> step + ": " + share(byStep.get(step - 1)))
            .collect(Collectors.joining(", ")));
  }

  private static void tell(Console console, SeriesPreview one) {
    Forecast serving = one.serving();
    if (serving == null) {
      console.println("%s: %s", one.series(), one.trouble());
      return;
    }
    Forecast proposed = one.proposed();
    console.println(
        "%s, from %s on, %d steps replayed%s",
        one.series(),
        Instant.ofEpochMilli(serving.origin().timestampMs()),
        one.steps(),
        proposed != null && !proposed.origin().warm()
            ? "; NOT WARM, %d of %d steps are there"
                .formatted(
                    proposed.origin().standing().warmSteps(),
                    proposed.origin().standing().contextSteps())
            : "");
    if (proposed == null) {
      console.println("  %s", one.trouble());
      return;
    }
    double[] differences = one.differences();
    console.println(
        "  %5s  %-36s %-36s %s",
        "ahead",
        "version " + serving.origin().served().version().shortSha(),
        "version " + proposed.origin().served().version().shortSha(),
        "apart");
    for (int step : shown(Math.min(serving.horizon(), proposed.horizon()))) {
      console.println(
          "  %5d  %-36s %-36s %s",
          step,
          values(serving, step),
          values(proposed, step),
          differences.length < step ? "" : share(differences[step - 1]));
    }
  }

  /** The first step ahead, the last one, and some between. */
  private static List<Integer> shown(int horizon) {
    TreeSet<Integer> steps = new TreeSet<>();
    for (int i = 0; i < 5 && horizon > 0; i++) {
      steps.add(1 + (horizon - 1) * i / 4);
    }
    return List.copyOf(steps);
  }

  /** The median within the outermost levels, or the likeliest class. */
  private static String values(Forecast forecast, int step) {
    if (forecast.classes() > 0) {
      int likeliest = forecast.likeliest(step);
      return "class %d (%s)".formatted(likeliest, share(forecast.value(step, likeliest)));
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

  private static String share(double value) {
    return String.format(Locale.ROOT, "%.2g %%", 100 * value);
  }

  private static ObjectNode json(Model model, List<SeriesPreview> found) {
    ObjectNode node = JSON.createObjectNode();
    node.put("version", model.version().sha());
    double[] differences =
        found.stream()
            .mapToDouble(SeriesPreview::difference)
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    if (differences.length > 0) {
      node.put("median", differences[(differences.length - 1) / 2]);
      node.put("worst", differences[differences.length - 1]);
      SeriesPreview.byStep(found).forEach(node.putArray("byStep")::add);
    }
    ArrayNode series = node.putArray("series");
    for (SeriesPreview one : found) {
      ObjectNode at = series.addObject();
      at.put("series", one.series());
      at.put("steps", one.steps());
      put(at, "serving", one.serving());
      put(at, "proposed", one.proposed());
      if (Double.isFinite(one.difference())) {
        at.put("difference", one.difference());
        ArrayNode byStep = at.putArray("byStep");
        for (double difference : one.differences()) {
          byStep.add(difference);
        }
      }
      if (!one.trouble().isEmpty()) {
        at.put("trouble", one.trouble());
      }
    }
    return node;
  }

  private static void put(ObjectNode node, String name, @Nullable Forecast forecast) {
    if (forecast == null) {
      node.putNull(name);
      return;
    }
    ObjectNode one = node.putObject(name);
    Forecast.Origin origin = forecast.origin();
    one.put("version", origin.served().version().sha());
    one.put("origin", Instant.ofEpochMilli(origin.timestampMs()).toString());
    one.put("warm", origin.warm());
    one.put("warmSteps", origin.standing().warmSteps());
    forecast.quantileLevels().forEach(one.putArray("quantileLevels")::add);
    ArrayNode values = one.putArray("values");
    for (float value : forecast.values()) {
      values.add(value);
    }
  }
}
