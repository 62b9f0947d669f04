package io.eddy.cli.command;

import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.report.VersionReport;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.registry.PublishedVersion;
import io.eddy.model.ModelVersion;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy models list}. */
@Command(
    name = "list",
    description = "Lists the published versions and which series they serve.",
    mixinStandardHelpOptions = true)
final class ModelsListCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() {
    EddyConfig settings = connection.settings();
    String model = settings.stream().model();
    ModelRegistry registry = RegistryFactory.registry(settings);
    List<PublishedVersion> entries = entries(registry, model);
    Map<ModelVersion, Integer> orphans = registry.models().withoutManifest();
    VersionReport report = new VersionReport(entries, registry.activations().read(model));
    Console console = Console.of(spec);
    if (isJson) {
      console.println("%s", report.json(orphans));
      return ExitCode.OK;
    }
    if (entries.isEmpty()) {
      console.println("no versions of model %s are published", model);
    }
    if (!entries.isEmpty() || !orphans.isEmpty()) {
      report.print(console, orphans);
    }
    return ExitCode.OK;
  }

  /** Returns the published versions of a model. */
  static List<PublishedVersion> entries(ModelRegistry registry, String model) {
    return registry.models().list().stream()
        .filter(entry -> entry.manifest().model().equals(model))
        .toList();
  }
}
