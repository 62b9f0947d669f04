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
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code eddy models shadow}. */
@Command(
    name = "shadow",
    description = {
      "Starts a version as the shadow of a scope.",
      "A shadow processes the same events as the serving version, with a state of its own. Its"
          + " forecasts are scored, but not published. It replaces the previous shadow of the"
          + " scope."
    },
    mixinStandardHelpOptions = true)
final class ModelsShadowCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private VersionParameter version = new VersionParameter();
  @Mixin private ScopeOptions scopeOptions = new ScopeOptions();
  @Mixin private ActivationOptions options = new ActivationOptions();

  @Override
  public Integer call() {
    if (options.isUrgent()) {
      throw new UsageException("--urgent does not apply to shadows, which migrate no series");
    }
    EddyConfig settings = connection.settings();
    ModelRegistry registry = RegistryFactory.registry(settings);
    String model = settings.stream().model();
    Terms terms = Terms.shadowing(scopeOptions.scope(), null).at(options.timing());
    ModelVersion shadow = registry.models().resolve(model, version.prefix());
    ActivationReport.print(
        Console.of(spec),
        List.of(registry.rollout().activate(model, shadow, options.reason(), terms)),
        options.isJson());
    return ExitCode.OK;
  }
}
