package io.eddy.bench;

import io.eddy.bench.anomalies.AnomalyBenchmark;
import io.eddy.cli.option.InputFile;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy bench anomalies}. */
@Command(
    name = "anomalies",
    description = {
      "Writes anomaly scores for the files of the Numenta Anomaly Benchmark.",
      "Reads every .csv file below a folder, with the columns timestamp,value, in one pass and"
          + " with the same settings for all. No model is used and nothing is trained."
    },
    mixinStandardHelpOptions = true)
final class BenchAnomaliesCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @InputFile(isFolder = true)
  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "Folder with the files, for example NAB/data.")
  private Path data = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description =
          "Folder for the scores: files with the same names and the columns"
              + " timestamp,anomaly_score.")
  private Path out = Path.of("");

  @Override
  public Integer call() {
    AnomalyBenchmark.Result result = AnomalyBenchmark.run(data, out);
    Console.of(spec)
        .println(
            "wrote scores of %d files, %d rows, to %s; scoring took %.2f s, %.0f ns per row",
            result.files(),
            result.rows(),
            out,
            result.seconds(),
            1e9 * result.seconds() / Math.max(1, result.rows()));
    return ExitCode.OK;
  }
}
