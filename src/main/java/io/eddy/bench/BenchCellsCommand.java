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

/** {@code eddy bench cells}. */
@Command(
    name = "cells",
    description = {
      "Times one step of one layer with 8 inputs, for one series and for each series of a batch of"
          + " 64.",
      "Compares with ONNX Runtime's LSTM operator, including the transfer of its state, if the"
          + " runtime is installed, and with the LSTM without the JDK's vector API if that is in"
          + " use."
    },
    mixinStandardHelpOptions = true)
final class BenchCellsCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() throws RunnerException {
    Console console = Console.of(spec);
    Optional<ReferenceRuntime.Installed> onnxRuntime = ReferenceRuntime.ONNX_RUNTIME.find(console);
    console.printErr("measuring, takes about %d minutes", onnxRuntime.isPresent() ? 6 : 5);
    CellBenchmarkReport report = CellBenchmarkReport.measure(onnxRuntime);
    if (isJson) {
      console.println("%s", report.json());
    } else {
      report.print(console);
    }
    return 0;
  }
}
