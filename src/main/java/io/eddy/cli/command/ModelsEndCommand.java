package io.eddy.cli.command;

import io.eddy.cli.option.ActivationOptions;
import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.option.ScopeOptions;
import io.eddy.cli.report.ActivationReport;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.UsageException;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Scope;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy models end}. */
@Command(
    name = "end",
    description = {
      "Ends a scope, or with --shadow the shadow of a scope.",
      "The next wider scope applies to its series again."
    },
    mixinStandardHelpOptions = true)
final class ModelsEndCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private ScopeOptions scopeOptions = new ScopeOptions();
  @Mixin private ActivationOptions options = new ActivationOptions();

  @Option(names = "--shadow", description = "End the shadow instead of the serving version.")
  private boolean isShadow;

  @Override
  public Integer call() {
    Scope scope = scopeOptions.scope();
    if (!isShadow && scope.equals(Scope.all())) {
      throw new UsageException(
          "expected --prefix, --share or --shadow; the version that serves all series can only be"
              + " replaced");
    }
    EddyConfig settings = connection.settings();
    Role role = isShadow ? Role.SHADOW : Role.SERVE;
    Terms terms = Terms.ending(scope, role, null).at(options.timing());
    ActivationReport.print(
        Console.of(spec),
        List.of(
            RegistryFactory.registry(settings)
                .rollout()
                .end(settings.stream().model(), terms, options.reason())),
        options.isJson());
    return ExitCode.OK;
  }
}
