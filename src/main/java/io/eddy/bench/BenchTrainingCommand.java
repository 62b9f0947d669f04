package io.eddy.bench;

import io.eddy.cli.terminal.Console;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy bench training}. */
@Command(
    name = "training",
    description = {
      "Times an update of a training: forward, backward and Adam.",
      "Updates an LSTM of 64 units and 8 inputs with 32 sequences of 96 steps, on one thread and on"
          + " one thread per core.",
      "Compares with PyTorch's LSTM, called through DJL, if it is installed."
    },
    mixinStandardHelpOptions = true)
final class BenchTrainingCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() throws RunnerException {
    Console console = Console.of(spec);
    Optional<ReferenceRuntime.Installed> pyTorch = ReferenceRuntime.PYTORCH.find(console);
    console.printErr("measuring, takes about %d minutes", pyTorch.isPresent() ? 3 : 2);
    TrainingBenchmarkReport report = TrainingBenchmarkReport.measure(pyTorch.orElse(null));
    if (isJson) {
      console.println("%s", report.json());
    } else {
      report.print(console);
    }
    return 0;
  }
}
