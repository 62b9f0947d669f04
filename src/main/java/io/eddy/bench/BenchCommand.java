package io.eddy.bench;

import io.eddy.cli.DevelopmentCommand;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code eddy bench}. */
@Command(
    name = "bench",
    description = "Measures the speed of this machine and the accuracy on public data sets.",
    subcommands = {
      BenchAccuracyCommand.class,
      BenchAnomaliesCommand.class,
      BenchCellsCommand.class,
      BenchCombinationCommand.class,
      BenchMigrationCommand.class,
      BenchModelsCommand.class,
      BenchOverloadCommand.class,
      BenchStreamCommand.class,
      BenchTrainingCommand.class,
      BenchWatchersCommand.class
    },
    mixinStandardHelpOptions = true)
public final class BenchCommand implements DevelopmentCommand, Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(),
        "expected accuracy, anomalies, cells, combination, migration, models, overload, stream,"
            + " training or watchers");
  }
}
