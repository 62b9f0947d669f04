package io.eddy.cli.command;

import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.report.HistoryReport;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.rollout.Activations;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy models history}. */
@Command(
    name = "history",
    description = {
      "Prints all decisions about a model, the latest first.",
      "Each has its author, its time and its reason.",
      "It includes ended scopes, dropped shadows, and the promotions and rollbacks that forecasters"
          + " decided by rule."
    },
    mixinStandardHelpOptions = true)
final class ModelsHistoryCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() {
    EddyConfig settings = connection.settings();
    String model = settings.stream().model();
    Activations activations = RegistryFactory.registry(settings).activations().read(model);
    HistoryReport report = new HistoryReport(activations);
    Console console = Console.of(spec);
    if (isJson) {
      console.println("%s", report.json());
    } else if (activations.descending().isEmpty()) {
      console.println("no version of model %s was ever activated", model);
    } else {
      report.print(console);
    }
    return ExitCode.OK;
  }
}
