package io.eddy.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy generate}. */
@Command(
    name = "generate",
    description = "Writes a CSV of believable sensors: rhythms, trend, noise, gaps.",
    mixinStandardHelpOptions = true)
final class GenerateCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--series",
      paramLabel = "N",
      defaultValue = "300",
      description = "Sensors. Default: ${DEFAULT-VALUE}.")
  private int series;

  @Option(
      names = "--days",
      paramLabel = "D",
      defaultValue = "28",
      description = "Days of data. Default: ${DEFAULT-VALUE}.")
  private int days;

  @Option(
      names = "--interval",
      paramLabel = "PT1H",
      defaultValue = "PT1H",
      description = "Time between measurements. Default: ${DEFAULT-VALUE}.")
  private Duration interval = Duration.ZERO;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seed. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--out", paramLabel = "FILE", required = true, description = "The CSV to write.")
  private Path out = Path.of("");

  @Override
  public Integer call() {
    if (series < 1 || days < 1 || interval.toMillis() < 1) {
      throw new UsageException("--series, --days and --interval: expected numbers above 0");
    }
    OutputFile.requireFolder(out);
    long steps = Duration.ofDays(days).toMillis() / interval.toMillis();
    OutputFile.write(
        out,
        writer -> {
          writer.write("series,timestamp,value\n");
          new SensorGenerator(series, interval, seed)
              .generate(
                  0,
                  steps,
                  observation -> {
                    try {
                      writer.write(
                          observation.series()
                              + ","
                              + Instant.ofEpochMilli(observation.timestampMs())
                              + ","
                              + observation.value()
                              + "\n");
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  });
        });
    Console.of(spec)
        .say("%s: %d sensors, %d days, one value every %s", out, series, days, interval);
    return 0;
  }
}
