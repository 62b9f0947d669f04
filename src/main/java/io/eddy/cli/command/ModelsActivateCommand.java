package io.eddy.cli.command;

import io.eddy.cli.option.ActivationOptions;
import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.option.ScopeOptions;
import io.eddy.cli.option.VersionParameter;
import io.eddy.cli.report.ActivationReport;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.UsageException;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Activation.Timing;
import io.eddy.rollout.Scope;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy models activate}. */
@Command(
    name = "activate",
    description = {
      "Activates a version, immediately or from an event time.",
      "Each series migrates at its next event: its state is rebuilt under the new weights from its"
          + " last W steps. migration.steps-per-event throttles the migrations.",
      "The most specific scope of a series applies: the longest prefix of its name, then the"
          + " smallest share, then all series."
    },
    mixinStandardHelpOptions = true)
final class ModelsActivateCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private VersionParameter version = new VersionParameter();
  @Mixin private ScopeOptions scopeOptions = new ScopeOptions();
  @Mixin private ActivationOptions options = new ActivationOptions();

  @Option(names = "--everywhere", description = "For all series: also end all narrower scopes.")
  private boolean isEverywhere;

  @Override
  public Integer call() {
    EddyConfig settings = connection.settings();
    Scope scope = scopeOptions.scope();
    boolean isForAll = scope.equals(Scope.all());
    if (isEverywhere && !isForAll) {
      throw new UsageException("--everywhere cannot be combined with --prefix or --share");
    }
    Timing timing = options.timing();
    ModelRegistry registry = RegistryFactory.registry(settings);
    String model = settings.stream().model();
    ModelVersion activated = registry.models().resolve(model, version.prefix());
    Console console = Console.of(spec);
    if (isEverywhere) {
      ActivationReport.print(
          console,
          registry.rollout().activateEverywhere(model, activated, options.reason(), timing),
          options.isJson());
      return ExitCode.OK;
    }
    Terms terms = Terms.serving(scope, null).at(timing);
    ActivationReport.print(
        console,
        List.of(registry.rollout().activate(model, activated, options.reason(), terms)),
        options.isJson());
    if (isForAll) {
      ActivationReport.printNarrowerScopes(console, registry.activations().read(model));
    }
    return ExitCode.OK;
  }
}
