package io.eddy.cli.command;

import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.report.StatusReport;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.promotion.ShadowScores;
import io.eddy.kafka.status.StatusBoard;
import io.eddy.rollout.Activations;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy models status}. */
@Command(
    name = "status",
    description = {
      "Prints which version serves which scope, and how far a change has come.",
      "Prints how many series have migrated, how shadows with a promotion rule compare with the"
          + " serving version, and which versions each instance has loaded or rejected.",
      "Instances report their status every few seconds."
    },
    mixinStandardHelpOptions = true)
final class ModelsStatusCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() {
    EddyConfig settings = connection.settings();
    String model = settings.stream().model();
    Activations activations = RegistryFactory.registry(settings).activations().read(model);
    StatusBoard board =
        StatusBoard.read(
            settings.client(),
            settings.stream().topics().status(),
            settings.applicationId(),
            model);
    StatusReport report =
        new StatusReport(
            activations,
            ShadowScores.read(
                settings.client(), settings.stream().topics().scores(), model, activations),
            board,
            Instant.now());
    Console console = Console.of(spec);
    if (isJson) {
      console.println("%s", report.json());
    } else {
      report.print(console);
    }
    return ExitCode.OK;
  }
}
