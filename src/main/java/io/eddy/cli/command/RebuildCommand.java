package io.eddy.cli.command;

import io.eddy.cli.option.ConfirmationOptions;
import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.kafka.access.AccessCheck;
import io.eddy.kafka.access.AccessRole;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.rebuild.StateRebuild;
import io.eddy.kafka.reset.ApplicationReset;
import io.eddy.kafka.reset.OffsetTarget;
import io.eddy.kafka.reset.ResetPlan;
import io.eddy.kafka.topics.BrokerAdmin;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code eddy rebuild}. */
@Command(
    name = "rebuild",
    description = {
      "Computes the state of a stopped application from the events again.",
      "Use it after the changelog topics were deleted. Replays the events up to the committed"
          + " offsets, with the versions that the forecasts record, and writes new changelog topics."
          + " Publishes no forecasts and keeps the offsets.",
      "The state is the same bit by bit, if its events and versions exist. Series for which they were"
          + " deleted are counted; those continue from the events that exist.",
      "Refused while an instance is running. If it fails on the way, run it again."
    },
    mixinStandardHelpOptions = true)
public final class RebuildCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private ConfirmationOptions confirmation = new ConfirmationOptions();

  @Override
  public Integer call() {
    EddyConfig settings = connection.settings();
    Console console = Console.of(spec);
    new AccessCheck(settings.stream().topics(), settings.deployment(), AccessRole.RESET).require();
    try (BrokerAdmin broker = new BrokerAdmin(settings.client())) {
      ApplicationReset reset = new ApplicationReset(settings, broker);
      ResetPlan plan = reset.plan(new OffsetTarget.Latest());
      console.println(
          "state to delete and to rebuild from topic %s: %s",
          settings.stream().topics().source(),
          plan.changelogs().isEmpty() ? "none exists" : String.join(", ", plan.changelogs()));
      confirmation.require();
      if (!confirmation.isDryRun()) {
        run(settings, broker, reset, console);
      }
    }
    return ExitCode.OK;
  }

  private static void run(
      EddyConfig settings, BrokerAdmin broker, ApplicationReset reset, Console console) {
    reset.beginRebuild(step -> console.printErr("%s", step));
    StateRebuild.Result result = new StateRebuild(settings, broker).run();
    reset.rebuilt();
    console.println("rebuilt the state of %,d series", result.series());
    if (result.inexact() > 0) {
      console.println(
          "%,d of them continue from the events that exist, because earlier events or versions were"
              + " deleted",
          result.inexact());
    }
    if (!result.verification().isConsistent()) {
      console.println("the forecasts differ from the events: run `eddy verify`");
    }
    console.println(
        "state on other machines is not deleted: run `eddy reset --local --yes` there before a"
            + " forecaster starts");
  }
}
