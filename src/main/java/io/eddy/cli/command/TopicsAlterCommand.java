package io.eddy.cli.command;

import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.report.Json;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.kafka.access.AccessCheck;
import io.eddy.kafka.access.AccessRole;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.reset.OutputTopics;
import io.eddy.kafka.reset.OutputTopics.Growth;
import io.eddy.kafka.topics.BrokerAdmin;
import java.util.List;
import java.util.Optional;
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
      "Adds partitions to the forecasts topic until it has as many as the events topic.",
      "Run it after partitions were added to the events topic. Refused while an instance is running,"
          + " and while there is state of another number of partitions: series would move to"
          + " partitions that do not have their state."
    },
    mixinStandardHelpOptions = true)
final class TopicsAlterCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(names = "--dry-run", description = "Print the changes without making them.")
  private boolean isDryRun;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  private record Result(boolean done, List<Growth> changes) {}

  @Override
  public Integer call() {
    EddyConfig settings = connection.settings();
    Console console = Console.of(spec);
    new AccessCheck(settings.stream().topics(), settings.deployment(), AccessRole.TOPICS).require();
    try (BrokerAdmin broker = new BrokerAdmin(settings.client())) {
      OutputTopics topics = new OutputTopics(settings, broker);
      Optional<Growth> growth = topics.growth();
      if (!isDryRun) {
        growth.ifPresent(topics::grow);
      }
      if (isJson) {
        console.println("%s", Json.write(new Result(!isDryRun, growth.stream().toList())));
      } else if (growth.isEmpty()) {
        console.println(
            "topic %s has as many partitions as %s",
            settings.stream().topics().forecasts(), settings.stream().topics().source());
      } else {
        console.println(
            "%s %s: partitions %d → %d",
            isDryRun ? "would alter" : "altered",
            growth.get().topic(),
            growth.get().from(),
            growth.get().to());
      }
    }
    return ExitCode.OK;
  }
}
