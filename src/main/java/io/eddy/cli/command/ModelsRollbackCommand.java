package io.eddy.cli.command;

import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.option.ScopeOptions;
import io.eddy.cli.report.ActivationReport;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.rollout.Scope;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy models rollback}. */
@Command(
    name = "rollback",
    description = {
      "Activates the previous version of a scope again, immediately and not throttled.",
      "A narrower scope without a previous version ends."
    },
    mixinStandardHelpOptions = true)
final class ModelsRollbackCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private ScopeOptions scopeOptions = new ScopeOptions();

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() {
    EddyConfig settings = connection.settings();
    ModelRegistry registry = RegistryFactory.registry(settings);
    Scope scope = scopeOptions.scope();
    String model = settings.stream().model();
    Console console = Console.of(spec);
    ActivationReport.print(console, List.of(registry.rollout().rollback(model, scope)), isJson);
    if (scope.equals(Scope.all())) {
      ActivationReport.printNarrowerScopes(console, registry.activations().read(model));
    }
    return ExitCode.OK;
  }
}
