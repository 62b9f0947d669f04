package io.eddy.cli.command;

import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.option.Within;
import io.eddy.cli.report.Json;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicDefinition;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy topics create}. */
@Command(
    name = "create",
    description = {"Creates the topics that do not exist.", "Existing topics are not changed."},
    mixinStandardHelpOptions = true)
final class TopicsCreateCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Within(min = 1, max = 10_000)
  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "4",
      description =
          "Number of partitions of the events and forecasts topics. Default: ${DEFAULT-VALUE}.")
  private int partitions;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() {
    EddyConfig settings = connection.settings();
    Console console = Console.of(spec);
    try (TopicAdmin admin = new TopicAdmin(settings.client())) {
      List<TopicDefinition> created = admin.create(settings.stream().topics(), partitions);
      if (isJson) {
        console.println("%s", Json.write(created.stream().map(Created::of).toList()));
        return ExitCode.OK;
      }
      if (created.isEmpty()) {
        console.println("all topics exist");
      }
      created.forEach(
          topic -> console.println("created %s, partitions: %d", topic.name(), topic.partitions()));
    }
    return ExitCode.OK;
  }

  private record Created(String topic, int partitions) {
    static Created of(TopicDefinition definition) {
      return new Created(definition.name(), definition.partitions());
    }
  }
}
