package io.eddy.cli.command;

import io.eddy.cli.option.ConfirmationOptions;
import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.report.Json;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.Table;
import io.eddy.cli.terminal.UsageException;
import io.eddy.kafka.access.AccessCheck;
import io.eddy.kafka.access.AccessRole;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.reset.OutputTopics;
import io.eddy.kafka.reset.OutputTopics.Deletion;
import io.eddy.kafka.topics.BrokerAdmin;
import io.eddy.kafka.topics.TopicReader;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eddy topics delete}. */
@Command(
    name = "delete",
    description = {
      "Deletes topics of the settings, with all their records.",
      "Without names: all of them except the events topic, which is deleted only if it is named.",
      "Refused while an instance is running. Offsets, changelog topics and local state are deleted"
          + " by `eddy reset`."
    },
    mixinStandardHelpOptions = true)
final class TopicsDeleteCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private ConfirmationOptions confirmation = new ConfirmationOptions();

  @Parameters(
      paramLabel = "TOPIC",
      arity = "0..*",
      description = "Names of topics, as in the settings. Default: all but the events topic.")
  private List<String> names = List.of();

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  private record Result(boolean done, List<Deletion> topics) {}

  @Override
  public Integer call() {
    EddyConfig settings = connection.settings();
    Console console = Console.of(spec);
    TopicReader reader = new TopicReader(settings.client());
    new AccessCheck(settings.stream().topics(), settings.deployment(), AccessRole.TOPICS).require();
    try (BrokerAdmin broker = new BrokerAdmin(settings.client())) {
      OutputTopics topics = new OutputTopics(settings, broker);
      List<Deletion> deletions = deletions(topics, reader);
      if (!isJson) {
        print(console, deletions);
      }
      if (!deletions.isEmpty()) {
        confirmation.require();
      }
      if (!confirmation.isDryRun()) {
        for (Deletion deletion : deletions) {
          topics.delete(deletion.topic());
          console.printErr("deleted topic %s", deletion.topic());
        }
      }
      if (isJson) {
        console.println("%s", Json.write(new Result(!confirmation.isDryRun(), deletions)));
      }
    }
    return ExitCode.OK;
  }

  private List<Deletion> deletions(OutputTopics topics, TopicReader reader) {
    try {
      return topics.deletions(names, topic -> records(reader, topic));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static long records(TopicReader reader, String topic) {
    Map<TopicPartition, Long> begins = reader.beginningOffsets(topic);
    return reader.endOffsets(topic).entrySet().stream()
        .mapToLong(end -> end.getValue() - begins.getOrDefault(end.getKey(), 0L))
        .sum();
  }

  private static void print(Console console, List<Deletion> deletions) {
    if (deletions.isEmpty()) {
      console.println("none of the topics exists");
      return;
    }
    Table table = new Table().left("topic to delete").right("partitions").right("offsets");
    deletions.forEach(
        deletion -> table.row(deletion.topic(), deletion.partitions(), deletion.records()));
    table.print(console);
  }
}
