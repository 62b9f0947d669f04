package io.eddy.cli.command;

import io.eddy.cli.option.ConfirmationOptions;
import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.report.ResetReport;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.UsageException;
import io.eddy.kafka.access.AccessCheck;
import io.eddy.kafka.access.AccessRole;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.reset.ApplicationReset;
import io.eddy.kafka.reset.LocalState;
import io.eddy.kafka.reset.OffsetTarget;
import io.eddy.kafka.reset.ResetPlan;
import io.eddy.kafka.topics.BrokerAdmin;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy reset}. */
@Command(
    name = "reset",
    description = {
      "Makes a stopped application process the events topic from another position, with empty"
          + " state.",
      "Sets the committed offsets, deletes the changelog topics and the state on this machine. With"
          + " re-keyed events, deletes those too, since they are written again.",
      "Keeps the topics of events, forecasts, scores, dead letters, models and activations. Events"
          + " that are processed again are forecast again: delete the forecasts with `eddy topics"
          + " delete` if consumers or `eddy verify` must not see both.",
      "Refused while an instance is running. If it fails on the way, run it again."
    },
    mixinStandardHelpOptions = true)
public final class ResetCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private ConfirmationOptions confirmation = new ConfirmationOptions();
  @ArgGroup private Position position = new Position();

  private static final class Position {
    @Option(
        names = "--to-earliest",
        description = "Process the topic from its first record. This is the default.")
    private boolean isEarliest;

    @Option(names = "--to-latest", description = "Process only records written after the reset.")
    private boolean isLatest;

    @Option(
        names = "--to-datetime",
        paramLabel = "TIME",
        description =
            "Process from the first record at or after this time, by the records' timestamps, for"
                + " example 2026-01-20T00:00:00Z.")
    private @Nullable Instant time;

    @Option(
        names = "--to-offset",
        paramLabel = "PARTITION=OFFSET",
        split = ",",
        description =
            "Process from these offsets, one for every partition, for example 0=120,1=98.")
    private Map<Integer, Long> offsets = Map.of();

    @Option(
        names = "--local",
        description =
            "Delete only the state on this machine. It is restored from the changelog topics at the"
                + " next start.")
    private boolean isLocal;

    OffsetTarget target() {
      if (isLatest) {
        return new OffsetTarget.Latest();
      }
      if (time != null) {
        return new OffsetTarget.Time(time);
      }
      return isEarliest || offsets.isEmpty()
          ? new OffsetTarget.Earliest()
          : new OffsetTarget.Offsets(offsets);
    }
  }

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() {
    EddyConfig settings = connection.settings();
    Console console = Console.of(spec);
    if (position.isLocal) {
      return resetLocal(settings, console);
    }
    new AccessCheck(settings.stream().topics(), settings.deployment(), AccessRole.RESET).require();
    try (BrokerAdmin broker = new BrokerAdmin(settings.client())) {
      ApplicationReset reset = new ApplicationReset(settings, broker);
      ResetPlan plan = plan(reset);
      ResetReport report = new ResetReport(plan);
      if (!isJson) {
        report.print(console);
      }
      confirmation.require();
      if (!confirmation.isDryRun()) {
        run(reset, plan, console);
      }
      if (isJson) {
        console.println("%s", report.json(!confirmation.isDryRun()));
      } else {
        explain(console, settings, plan);
      }
    }
    return ExitCode.OK;
  }

  private ResetPlan plan(ApplicationReset reset) {
    try {
      return reset.plan(position.target());
    } catch (IllegalArgumentException e) {
      throw new UsageException("--to-offset: " + e.getMessage());
    }
  }

  private static void run(ApplicationReset reset, ResetPlan plan, Console console) {
    List<String> done = new ArrayList<>();
    try {
      reset.run(
          plan,
          step -> {
            done.add(step);
            console.printErr("%s", step);
          });
    } catch (RuntimeException e) {
      console.printErr(
          "the reset is incomplete after %d step(s); do not start the forecaster, run `eddy reset`"
              + " again with the same options",
          done.size());
      throw e;
    }
  }

  private void explain(Console console, EddyConfig settings, ResetPlan plan) {
    console.println(
        "%s: topics %s, forecasts, scores, dead letters, models and activations",
        confirmation.isDryRun() ? "would keep" : "kept", settings.stream().topics().events());
    if (plan.offsets().stream().anyMatch(change -> isRepeated(change))) {
      String forecasts = settings.stream().topics().forecasts();
      console.println(
          settings.stream().topics().keyedEvents() == null
              ? "events before the committed offsets are forecast again: %s then has several"
                  + " forecasts of these events, which `eddy verify` reports as duplicates"
              : "events before the committed offsets are re-keyed and forecast again: %s then has"
                  + " several forecasts of these events, and `eddy verify` cannot compare those of"
                  + " the deleted keyed events",
          forecasts);
    }
    console.println(
        "state on other machines is not deleted: run `eddy reset --local --yes` there before a"
            + " forecaster starts");
  }

  private static boolean isRepeated(ResetPlan.OffsetChange change) {
    return change.from() != null && change.to() < change.from();
  }

  private int resetLocal(EddyConfig settings, Console console) {
    LocalState local = new LocalState(settings.deployment());
    boolean isPresent = local.exists();
    if (isPresent) {
      local.requireUnused();
    }
    ResetPlan plan =
        new ResetPlan(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            isPresent ? local.folder().toString() : null,
            isPresent ? local.bytes() : 0);
    ResetReport report = new ResetReport(plan);
    if (!isJson) {
      report.print(console);
    }
    if (isPresent) {
      confirmation.require();
      if (!confirmation.isDryRun()) {
        local.delete();
      }
    }
    if (isJson) {
      console.println("%s", report.json(!confirmation.isDryRun()));
    } else {
      console.println(
          isPresent
              ? "%s; the next start restores it from the changelog topics"
              : "there is no local state in %2$s",
          confirmation.isDryRun() ? "nothing was changed" : "deleted the local state",
          local.folder());
    }
    return ExitCode.OK;
  }
}
