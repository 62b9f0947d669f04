package io.eddy.demo;

import io.eddy.cli.DevelopmentCommand;
import io.eddy.cli.option.CsvFormatOptions;
import io.eddy.cli.option.InputFile;
import io.eddy.cli.option.Within;
import io.eddy.cli.report.DataReport;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.UsageException;
import io.eddy.dataset.csv.CsvData;
import io.eddy.dataset.csv.CsvObservations;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy demo}. */
@Command(
    name = "demo",
    description = {
      "Runs Eddy in one process: a Kafka broker, training, serving, and a switch to new weights.",
      "By default it generates 300 sensors and runs until Ctrl-C. It prints the address of a page"
          + " with the forecasts, and leaves no files behind."
    },
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer>, DevelopmentCommand {
  @Spec private @Nullable CommandSpec spec;

  @InputFile
  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = CsvFormatOptions.FILE + " Default: generated sensors.")
  private @Nullable Path csv;

  @Mixin private CsvFormatOptions csvFormat = new CsvFormatOptions();

  @Option(
      names = "--once",
      description =
          "Stop after one pass over the data, without a page. The exit code is 0 if no forecast was"
              + " lost or duplicated.")
  private boolean isOnce;

  @Within(min = 1, max = 65_535)
  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description =
          "Port of the page. If it is in use, the next free one. Default: ${DEFAULT-VALUE}.")
  private int port = 8080;

  @Override
  public Integer call() {
    if (port < 1 || port > 65_535) {
      throw new UsageException("--port: expected 1 to 65535, got " + port);
    }
    Console console = Console.of(spec);
    return Demo.run(console, data(console), new Demo.Options(isOnce, port));
  }

  private DemoData data(Console console) {
    if (csv == null) {
      return DemoData.generated();
    }
    CsvData data = CsvObservations.read(csv, csvFormat.options(), List.of());
    DataReport.of(data, null).print(console);
    return DemoData.of(csv.toString(), data.series());
  }
}
