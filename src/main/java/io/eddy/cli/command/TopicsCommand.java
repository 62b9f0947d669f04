package io.eddy.cli.command;

import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.kafka.config.EddySettings;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicDefinition;
import io.eddy.kafka.topics.TopicProblem;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code eddy topics}. */
@Command(
    name = "topics",
    description = "Creates the topics, or checks their settings.",
    mixinStandardHelpOptions = true)
public final class TopicsCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        java.util.Objects.requireNonNull(spec).commandLine(), "expected create or check");
  }

  @Command(
      name = "create",
      description = "Creates the topics that are missing; leaves the others alone.",
      mixinStandardHelpOptions = true)
  int create(
      @Mixin ConnectionOptions connection,
      @Option(
              names = "--partitions",
              paramLabel = "N",
              defaultValue = "4",
              description = "Partitions of events and forecasts. Default: ${DEFAULT-VALUE}.")
          int partitions) {
    EddySettings settings = connection.settings();
    try (TopicAdmin admin = new TopicAdmin(settings.client())) {
      List<TopicDefinition> made = admin.create(settings.stream().topics(), partitions);
      if (made.isEmpty()) {
        Console.of(spec).println("all topics are there");
      }
      made.forEach(
          topic ->
              Console.of(spec)
                  .println("created %s, partitions: %d", topic.name(), topic.partitions()));
    }
    return 0;
  }

  @Command(
      name = "check",
      description = "Says what is wrong with the topics; exit code 1 where anything is.",
      mixinStandardHelpOptions = true)
  int check(@Mixin ConnectionOptions connection) {
    EddySettings settings = connection.settings();
    try (TopicAdmin admin = new TopicAdmin(settings.client())) {
      List<TopicProblem> problems = admin.check(settings.stream().topics());
      problems.forEach(problem -> Console.of(spec).printErr("eddy: %s", problem));
      if (problems.isEmpty()) {
        Console.of(spec).println("all topics are as they should be");
      }
      return problems.isEmpty() ? 0 : ExitCode.FAILED;
    }
  }
}
