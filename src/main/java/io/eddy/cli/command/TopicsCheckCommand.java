package io.eddy.cli.command;

import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.report.Json;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicProblem;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy topics check}. */
@Command(
    name = "check",
    description = {"Reports problems with the topics.", "The exit code is 1 if there are any."},
    mixinStandardHelpOptions = true)
final class TopicsCheckCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() {
    EddyConfig settings = connection.settings();
    Console console = Console.of(spec);
    try (TopicAdmin admin = new TopicAdmin(settings.client())) {
      List<TopicProblem> problems = admin.check(settings.stream().topics());
      if (isJson) {
        console.println("%s", Json.write(problems));
        return problems.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
      }
      problems.forEach(problem -> console.printErr("eddy: %s", problem));
      if (problems.isEmpty()) {
        console.println("no problems found");
      }
      return problems.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }
  }
}
