package io.eddy.cli.command;

import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.option.VersionParameter;
import io.eddy.cli.report.VersionReport;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.registry.PublishedVersion;
import io.eddy.model.ModelVersion;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code eddy models show}. */
@Command(
    name = "show",
    description = {
      "Prints a version as JSON.",
      "Prints its specification, its activations and, if it was published with --context, the check"
          + " of its context length."
    },
    mixinStandardHelpOptions = true)
final class ModelsShowCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private VersionParameter version = new VersionParameter();

  @Override
  public Integer call() {
    EddyConfig settings = connection.settings();
    String model = settings.stream().model();
    ModelRegistry registry = RegistryFactory.registry(settings);
    ModelVersion shown = registry.models().resolve(model, version.prefix());
    List<PublishedVersion> entries = ModelsListCommand.entries(registry, model);
    VersionReport report = new VersionReport(entries, registry.activations().read(model));
    Console console = Console.of(spec);
    entries.stream()
        .filter(entry -> entry.manifest().version().equals(shown))
        .forEach(entry -> console.println("%s", report.details(entry)));
    return ExitCode.OK;
  }
}
