package io.eddy.bench.campaign;

import io.eddy.cli.DevelopmentCommand;
import io.eddy.cli.option.InputFile;
import io.eddy.cli.option.Within;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy campaign}. */
@Command(
    name = "campaign",
    description = {
      "Injects faults into brokers and forecasters under load and checks that nothing is lost.",
      "Starts brokers and forecasters in processes of their own on this machine, sends events,"
          + " carries out a schedule of faults drawn from the seed, heals them, waits until all"
          + " events are processed, and runs verify. Compares events and forecasts with a ledger of"
          + " the events that were sent. The exit code is 1 if anything is lost, duplicated or different.",
      "Needs Linux. The kind disk-full needs the permission to mount; without it, it is left out."
    },
    mixinStandardHelpOptions = true)
public final class CampaignCommand implements Callable<Integer>, DevelopmentCommand {
  private static final String EXACTLY_ONCE = "exactly_once_v2";
  private static final List<String> GUARANTEES =
      List.of(EXACTLY_ONCE, CampaignSettings.AT_LEAST_ONCE);
  private static final String SCHEDULE = "schedule.csv";
  private static final int PARTITIONS = 6;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seed of the schedule. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @InputFile
  @Option(
      names = "--schedule",
      paramLabel = "FILE",
      description = "Carry out the schedule of this file instead of drawing one.")
  private @Nullable Path schedule;

  @Within(min = 10_000)
  @Option(
      names = "--duration",
      paramLabel = "DURATION",
      defaultValue = "PT5M",
      description = "Length of the load, 10 s or more. Default: ${DEFAULT-VALUE}.")
  private Duration duration = Duration.ZERO;

  @Within(max = 100_000)
  @Option(
      names = "--faults",
      paramLabel = "N",
      defaultValue = "10",
      description = "Number of faults. Default: ${DEFAULT-VALUE}.")
  private int faults;

  @Within(min = 1, max = 9)
  @Option(
      names = "--brokers",
      paramLabel = "N",
      defaultValue = "3",
      description = "Brokers, each with a controller. Default: ${DEFAULT-VALUE}.")
  private int brokers;

  @Within(min = 1, max = 9)
  @Option(
      names = "--instances",
      paramLabel = "N",
      defaultValue = "3",
      description = "Forecasters. Default: ${DEFAULT-VALUE}.")
  private int instances;

  @Within(min = 1, max = 100_000)
  @Option(
      names = "--series",
      paramLabel = "N",
      defaultValue = "100",
      description = "Series of the load. Default: ${DEFAULT-VALUE}.")
  private int series;

  @Within(min = 1, max = 100_000)
  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "100",
      description = "Events per second. Default: ${DEFAULT-VALUE}.")
  private int rate;

  @Option(
      names = "--kinds",
      paramLabel = "KIND",
      split = ",",
      description = "Kinds of faults. Default: all.")
  private List<String> kinds = new ArrayList<>();

  @Option(
      names = "--guarantee",
      paramLabel = "GUARANTEE",
      defaultValue = EXACTLY_ONCE,
      description =
          "Processing guarantee of the forecasters: exactly_once_v2, or at_least_once with a commit"
              + " every 5 s, for which kills may lose or repeat forecasts. Default:"
              + " ${DEFAULT-VALUE}.")
  private String guarantee = EXACTLY_ONCE;

  @Within(min = 10_000)
  @Option(
      names = "--patience",
      paramLabel = "DURATION",
      defaultValue = "PT5M",
      description =
          "Maximum time to process all events after the last fault. Default: ${DEFAULT-VALUE}.")
  private Duration patience = Duration.ZERO;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description =
          "Empty folder for data, settings and logs, which is kept. Default: a temporary folder,"
              + " kept after a failure.")
  private @Nullable Path folder;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() throws IOException, InterruptedException, ExecutionException {
    List<FaultKind> chosen = chosenKinds();
    requireGuarantee();
    Path used = folder == null ? Files.createTempDirectory("eddy-campaign-") : created(folder);
    boolean isConsistent = false;
    try (Campaign campaign =
        new Campaign(settings(), used, chosen.contains(FaultKind.DISK_FULL), this::print)) {
      Schedule planned = schedule(chosen, campaign.hasDisks());
      planned.write(used.resolve(SCHEDULE));
      CampaignResult result = campaign.run(planned);
      report(new CampaignReport(result, seed));
      isConsistent = result.isConsistent();
    } finally {
      if (isConsistent && folder == null) {
        StateDamage.wipe(used);
        Files.delete(used);
      } else {
        print("seed %d; logs and schedule: %s".formatted(seed, used));
        print(replay(used.resolve(SCHEDULE)));
      }
    }
    return isConsistent ? ExitCode.OK : ExitCode.FAILED;
  }

  private List<FaultKind> chosenKinds() {
    try {
      return kinds.isEmpty() ? FaultKind.harmless() : kinds.stream().map(FaultKind::of).toList();
    } catch (IllegalArgumentException e) {
      throw new UsageException("--kinds: " + e.getMessage());
    }
  }

  private void requireGuarantee() {
    if (!GUARANTEES.contains(guarantee)) {
      throw new UsageException(
          "--guarantee: expected one of %s, got %s".formatted(GUARANTEES, guarantee));
    }
  }

  private static Path created(Path folder) throws IOException {
    Files.createDirectories(folder);
    try (Stream<Path> entries = Files.list(folder)) {
      if (entries.findAny().isPresent()) {
        throw new UsageException("--folder: %s is not empty".formatted(folder));
      }
    }
    return folder.toAbsolutePath();
  }

  private CampaignSettings settings() {
    return new CampaignSettings(
        brokers, instances, PARTITIONS, series, rate, duration, guarantee, patience);
  }

  private Schedule schedule(List<FaultKind> chosen, boolean hasDisks) throws IOException {
    if (schedule != null) {
      try {
        return Schedule.read(schedule);
      } catch (IllegalArgumentException e) {
        throw new UsageException("--schedule: " + e.getMessage());
      }
    }
    List<FaultKind> possible = new ArrayList<>(chosen);
    if (!hasDisks && possible.remove(FaultKind.DISK_FULL)) {
      print("disk-full is left out: mounting a file system is not permitted");
    }
    return Schedule.draw(
        new Schedule.Plan(possible, faults, duration.toMillis(), brokers, instances), seed);
  }

  private void report(CampaignReport report) {
    Console console = Console.of(spec);
    if (isJson) {
      console.println("%s", report.json());
    } else {
      report.print(console);
    }
  }

  private String replay(Path file) {
    return ("replay: eddy campaign --seed %d --schedule %s --duration %s --brokers %d --instances %d"
            + " --series %d --rate %d --guarantee %s")
        .formatted(seed, file, duration, brokers, instances, series, rate, guarantee);
  }

  private void print(String line) {
    Console.of(spec).printErr("%s", line);
  }
}
