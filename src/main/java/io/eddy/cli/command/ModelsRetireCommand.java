package io.eddy.cli.command;

import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.option.VersionParameter;
import io.eddy.cli.report.Json;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.model.ModelVersion;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy models retire}. */
@Command(
    name = "retire",
    description = {
      "Deletes a version, or the rest of an incomplete version, from the models topic.",
      "A version that is activated cannot be retired. Keep the model file if you may process the"
          + " events again: they are processed with the versions that served them."
    },
    mixinStandardHelpOptions = true)
final class ModelsRetireCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private VersionParameter version = new VersionParameter();

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() {
    EddyConfig settings = connection.settings();
    ModelRegistry registry = RegistryFactory.registry(settings);
    ModelVersion retired =
        registry.models().resolveAny(settings.stream().model(), version.prefix());
    int recordsDeleted = registry.rollout().retire(retired);
    Console console = Console.of(spec);
    if (isJson) {
      console.println("%s", Json.write(new Result(retired.sha(), recordsDeleted)));
    } else {
      console.println(
          "retired version %s, records deleted: %d", retired.shortSha(), recordsDeleted);
    }
    return ExitCode.OK;
  }

  private record Result(String version, int recordsDeleted) {}
}
