package io.eddy.cli.command;

import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.OutputFile;
import io.eddy.dataset.synthetic.MachineGenerator;
import io.eddy.dataset.synthetic.PlannedLoadGenerator;
import io.eddy.dataset.synthetic.PulseGenerator;
import io.eddy.dataset.synthetic.SensorGenerator;
import io.eddy.kafka.config.UsageException;
import io.eddy.series.Observation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy generate}. */
@Command(
    name = "generate",
    description = {
      "Writes a CSV of believable sensors: rhythms, trend, noise, gaps.",
      "With --kind pulses, of series that only a memory can foretell: a pulse at midnight decides"
          + " the evening, and what lies between is noise.",
      "With --kind machines, of states for train --head softmax: 0 off, 1 idle, 2 running, 3"
          + " failing.",
      "With --kind plans, of plants whose consumption follows a plan, for train --future plan: the"
          + " last day has a plan and no values."
    },
    mixinStandardHelpOptions = true)
public final class GenerateCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  private enum Kind {
    SENSORS,
    PULSES,
    MACHINES,
    PLANS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = "--kind",
      defaultValue = "sensors",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Kind kind = Kind.SENSORS;

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
    OutputFile.write(
        out,
        writer -> {
          if (kind == Kind.PLANS) {
            generatePlans(writer);
          } else {
            writer.write("series,timestamp,value\n");
            generate(observation -> write(observation, value(observation), writer));
          }
        });
    Console.of(spec)
        .println("%s: %d %s, %d days, one value every %s", out, series, kind, days, interval);
    return 0;
  }

  private void generate(Consumer<Observation> sink) {
    long steps = steps(days);
    switch (kind) {
      case PLANS -> throw new IllegalStateException("plans have a column more");
      case SENSORS -> new SensorGenerator(series, interval, seed).generate(0, steps, sink);
      case PULSES -> new PulseGenerator(series, interval, seed).generate(days, sink);
      case MACHINES -> new MachineGenerator(series, interval, seed).generate(steps, sink);
    }
  }

  /** The days asked for, and one of which the plan alone is known. */
  private void generatePlans(Writer writer) throws IOException {
    writer.write("series,timestamp,value,%s\n".formatted(PlannedLoadGenerator.PLAN));
    long endMs = SensorGenerator.START_MS + steps(days) * interval.toMillis();
    new PlannedLoadGenerator(series, interval, seed)
        .generate(
            steps(days + 1),
            observation -> {
              String value = observation.timestampMs() < endMs ? value(observation) : "";
              double plan = observation.covariates().value(PlannedLoadGenerator.PLAN);
              write(observation, value + "," + plan, writer);
            });
  }

  private long steps(int days) {
    return Duration.ofDays(days).toMillis() / interval.toMillis();
  }

  private static String value(Observation observation) {
    return Double.toString(observation.value());
  }

  private static void write(Observation observation, String fields, Writer writer) {
    try {
      writer.write(
          "%s,%s,%s\n"
              .formatted(
                  observation.series(), Instant.ofEpochMilli(observation.timestampMs()), fields));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
