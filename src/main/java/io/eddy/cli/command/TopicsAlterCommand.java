package io.eddy.cli.command;

import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.option.Within;
import io.eddy.cli.report.Json;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.UsageException;
import io.eddy.kafka.access.AccessCheck;
import io.eddy.kafka.access.AccessRole;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.reset.PartitionChange;
import io.eddy.kafka.reset.PartitionChange.Growth;
import io.eddy.kafka.reset.PartitionChange.Plan;
import io.eddy.kafka.topics.BrokerAdmin;
import io.eddy.kafka.topics.KeyPartitioner;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy topics alter}. */
@Command(
    name = "alter",
    description = {
      "Changes the number of partitions of a stopped application.",
      "Adds partitions to the events, forecasts and scores topics and to the state, and moves the"
          + " state of each series to the partition of its new events. Nothing is lost: events that"
          + " are still in the old partitions of such series are processed first.",
      "Also run it after partitions were added to the events topic in another way.",
      "Refused while an instance is running. If it fails on the way, run it again."
    },
    mixinStandardHelpOptions = true)
final class TopicsAlterCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Within(min = 1, max = 10_000)
  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "Number of partitions. Default: as many as the events topic has.")
  private @Nullable Integer partitions;

  @Option(
      names = "--partitioner",
      paramLabel = "NAME",
      description =
          "How producers choose the partition of a key: murmur2 (Kafka's default) or crc32"
              + " (librdkafka's). Default: the one that agrees with the state.")
  private @Nullable KeyPartitioner partitioner;

  @Within(min = 0)
  @Option(
      names = "--settle",
      paramLabel = "DURATION",
      defaultValue = "PT5M",
      description =
          "How long to process the old partitions before the state moves, until all producers know"
              + " the new partitions: their metadata.max.age.ms. PT0S if all are stopped. Default:"
              + " ${DEFAULT-VALUE}.")
  private Duration settle = Duration.ofMinutes(5);

  @Option(names = "--dry-run", description = "Print the changes without making them.")
  private boolean isDryRun;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  private record Result(
      boolean done, List<Growth> changes, @Nullable String partitioner, long movedSeries) {}

  @Override
  public Integer call() {
    EddyConfig settings = connection.settings();
    Console console = Console.of(spec);
    new AccessCheck(settings.stream().topics(), settings.deployment(), AccessRole.TOPICS).require();
    try (BrokerAdmin broker = new BrokerAdmin(settings.client())) {
      PartitionChange change = new PartitionChange(settings, broker);
      Plan plan = plan(change);
      if (!isJson) {
        print(console, settings, plan);
      }
      long moved = isDryRun || plan.isEmpty() ? 0 : carryOut(change, plan, settings, console);
      if (isJson) {
        console.println(
            "%s",
            Json.write(new Result(!isDryRun, plan.topics(), name(plan.partitioner()), moved)));
      }
    }
    return ExitCode.OK;
  }

  private Plan plan(PartitionChange change) {
    try {
      return change.plan(partitions, partitioner);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--partitions: " + e.getMessage());
    }
  }

  private void print(Console console, EddyConfig settings, Plan plan) {
    if (plan.isEmpty()) {
      console.println(
          "topic %s has as many partitions as %s",
          settings.stream().topics().forecasts(), settings.stream().topics().source());
    }
    plan.topics()
        .forEach(
            growth ->
                console.println(
                    "%s %s: partitions %d → %d",
                    isDryRun ? "would alter" : "altering",
                    growth.topic(),
                    growth.from(),
                    growth.to()));
    if (plan.isMoving()) {
      console.println(
          "%s the states of series by %s, which agrees with the partitions of %,d series%s",
          isDryRun ? "would move" : "moving",
          name(plan.partitioner()),
          plan.series(),
          plan.misplaced() == 0
              ? ""
              : "; %,d others keep their partition".formatted(plan.misplaced()));
    }
  }

  private static @Nullable String name(@Nullable KeyPartitioner partitioner) {
    return partitioner == null ? null : partitioner.name().toLowerCase(Locale.ROOT);
  }

  private long carryOut(PartitionChange change, Plan plan, EddyConfig settings, Console console) {
    try {
      change.growSource(plan);
      if (plan.isMoving() && !plan.isContinued()) {
        new OldPartitions(change, plan, settings, console).process(settle);
      }
      long moved = change.finish(plan, step -> console.printErr("%s", step));
      console.printErr("done; start the forecaster with `eddy serve`");
      return moved;
    } catch (RuntimeException e) {
      console.printErr(
          "the change is incomplete; do not start the forecaster, run `eddy topics alter` again");
      throw e;
    }
  }
}
