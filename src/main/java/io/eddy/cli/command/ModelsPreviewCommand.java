package io.eddy.cli.command;

import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.option.ModelSource;
import io.eddy.cli.option.ScopeOptions;
import io.eddy.cli.option.Within;
import io.eddy.cli.report.PreviewReport;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.preview.Preview;
import io.eddy.kafka.preview.SeriesPreview;
import io.eddy.model.Model;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
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
      "Compares the forecasts of a version with those of the serving version before it is"
          + " activated.",
      "Replays the last events of some series under the serving version and, at the last event,"
          + " migrates to the new version. Its forecasts are bit for bit those that the stream"
          + " would publish. The serving version is rebuilt from twice the context length.",
      "Writes nothing. The exit code is 1 if the version would be rejected or cannot forecast a"
          + " series."
    },
    mixinStandardHelpOptions = true)
final class ModelsPreviewCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private ScopeOptions scope = new ScopeOptions();

  @Parameters(
      paramLabel = "NEW",
      description = "First digits of a published version, or an unpublished model file.")
  private String version = "";

  @Within(min = 1, max = 1000)
  @Option(
      names = "--series",
      paramLabel = "K",
      defaultValue = "5",
      description =
          "Number of series to compare, taken from the last events; limited to those of --prefix or"
              + " --share. Default: ${DEFAULT-VALUE}.")
  private int seriesCount;

  @Option(
      names = "--key",
      paramLabel = "NAME",
      description = "Compare this series instead. May be repeated.")
  private List<String> keys = List.of();

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description =
          "Replay all records from this time on, for example 2026-01-20T00:00:00Z. Default: twice"
              + " the context length.")
  private @Nullable Instant from;

  @Option(names = "--json", description = "Print the result as JSON, with all forecast values.")
  private boolean isJson;

  @Override
  public Integer call() {
    EddyConfig settings = connection.settings();
    Preview preview = new Preview(settings.client(), settings.stream());
    Model model =
        version.matches("[0-9a-f]{1,64}")
            ? preview.published(version)
            : preview.unpublished(ModelSource.bytes(Path.of(version)));
    List<SeriesPreview> series =
        preview.run(
            model,
            new Preview.Choice(
                List.copyOf(new TreeSet<>(keys)),
                seriesCount,
                scope.scope(),
                from == null ? null : Long.valueOf(from.toEpochMilli())));
    if (series.isEmpty()) {
      throw new IllegalArgumentException(
          "no series found in the last events of " + settings.stream().topics().source());
    }
    PreviewReport report = new PreviewReport(model, series);
    Console console = Console.of(spec);
    if (isJson) {
      console.println("%s", report.json());
    } else {
      report.print(console);
    }
    return series.stream().allMatch(s -> s.trouble().isEmpty()) ? ExitCode.OK : ExitCode.FAILED;
  }
}
