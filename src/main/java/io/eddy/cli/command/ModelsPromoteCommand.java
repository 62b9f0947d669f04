package io.eddy.cli.command;

import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.option.ScopeOptions;
import io.eddy.cli.report.ActivationReport;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.UsageException;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.rollout.PromotionRule.Condition;
import io.eddy.rollout.Scope;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy models promote}. */
@Command(
    name = "promote",
    description = {
      "Promotes the shadow of a scope, immediately or as soon as it meets a promotion rule.",
      "A promotion rule has the form \"better by 2%% over 500 scored forecasts, within 7 days\","
          + " optionally followed by \", by mase\" to compare absolute errors instead of pinball"
          + " losses.",
      "Rules are evaluated by the forecasters, on scores of the same series and origin. After the"
          + " given number of forecasts the shadow is promoted if it is better by the given margin,"
          + " and ended if it is not better at all. Otherwise the comparison continues until the"
          + " time limit."
    },
    mixinStandardHelpOptions = true)
final class ModelsPromoteCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private ScopeOptions scopeOptions = new ScopeOptions();

  @Option(
      names = "--when",
      paramLabel = "RULE",
      description = "Promotion rule. Default: promote immediately.")
  private @Nullable String when;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Reason, shown by models status and history. Default: none.")
  private String reason = "";

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() {
    Condition rule = when == null ? null : rule(when);
    EddyConfig settings = connection.settings();
    ModelRegistry registry = RegistryFactory.registry(settings);
    String model = settings.stream().model();
    Scope scope = scopeOptions.scope();
    Console console = Console.of(spec);
    if (rule != null) {
      ActivationReport.print(
          console, List.of(registry.rollout().promoteWhen(model, scope, rule, reason)), isJson);
      return ExitCode.OK;
    }
    ActivationReport.print(console, registry.rollout().promote(model, scope, reason), isJson);
    if (scope.equals(Scope.all())) {
      ActivationReport.printNarrowerScopes(console, registry.activations().read(model));
    }
    return ExitCode.OK;
  }

  private static Condition rule(String text) {
    try {
      return Condition.parse(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--when: " + e.getMessage());
    }
  }
}
