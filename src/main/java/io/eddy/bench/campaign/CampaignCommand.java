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
import java.util.stream.Collectors;
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
      "Needs Linux. The faults of disks need the permission to mount; without it, they are left"
          + " out."
    },
    mixinStandardHelpOptions = true)
public final class CampaignCommand implements Callable<Integer>, DevelopmentCommand {
  private static final String EXACTLY_ONCE = "exactly_once_v2";
  private static final List<String> GUARANTEES =
      List.of(EXACTLY_ONCE, CampaignSettings.AT_LEAST_ONCE);
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

  @Within(min = 0, max = 50)
  @Option(
      names = "--late",
      paramLabel = "PERCENT",
      defaultValue = "0",
      description =
          "Share of events that are sent three steps late, with events.late-policy = revise. Default:"
              + " ${DEFAULT-VALUE}.")
  private int late;

  @Option(
      names = "--other-build",
      paramLabel = "CLASSPATH",
      description =
          "Class path of another build of Eddy, such as '/old/target/eddy.jar:/old/target/lib/*',"
              + " for the kind rolling-upgrade.")
  private @Nullable String otherBuild;

  @Within(min = 1, max = 10_000)
  @Option(
      names = "--parts",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Run N campaigns one after the other, with the seeds S, S+1 and so on. Default:"
              + " ${DEFAULT-VALUE}.")
  private int parts;

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description =
          "Append the result of each part to this file. Parts that it has already are not run"
              + " again, so that an interrupted campaign continues.")
  private @Nullable Path recordFile;

  @Within(max = 1000)
  @Option(
      names = "--reduce",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "After a failure, remove faults from the schedule while it still fails, with at most N"
              + " further runs. Default: ${DEFAULT-VALUE}.")
  private int reduce;

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
          "Maximum time after the last fault in which no further event is processed. As long as"
              + " some are, the campaign waits. Default: ${DEFAULT-VALUE}.")
  private Duration patience = Duration.ZERO;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description =
          "Folder for data, settings and logs, which are kept. Default: a temporary folder, kept"
              + " after a failure.")
  private @Nullable Path folder;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() throws IOException, InterruptedException, ExecutionException {
    List<FaultKind> chosen = chosenKinds();
    requireGuarantee();
    CampaignSettings settings = settings();
    CampaignParts campaign =
        new CampaignParts(
            settings, new CampaignParts.Faults(chosen, faults, givenSchedule()), this::print);
    CampaignRecord record =
        record("--faults %d --kinds %s %s".formatted(faults, ids(chosen), settings.options()));
    Path parent =
        folder == null
            ? Files.createTempDirectory("eddy-campaign-")
            : Files.createDirectories(folder).toAbsolutePath();
    for (long partSeed = seed; partSeed < seed + parts; partSeed++) {
      if (record.hasSeed(partSeed)) {
        print("the part with seed %d is in the record".formatted(partSeed));
      } else {
        run(campaign, partSeed, partFolder(parent, partSeed), record);
      }
    }
    if (folder == null && record.isConsistent()) {
      Files.deleteIfExists(parent);
    }
    report(record);
    return record.isConsistent() ? ExitCode.OK : ExitCode.FAILED;
  }

  private void run(CampaignParts campaign, long partSeed, Path used, CampaignRecord record)
      throws IOException, InterruptedException, ExecutionException {
    boolean isConsistent = false;
    try {
      CampaignResult result = campaign.run(used, partSeed);
      CampaignReport report = new CampaignReport(result, partSeed);
      record.add(report.json());
      if (!isJson) {
        report.print(Console.of(spec));
      }
      isConsistent = result.isConsistent();
      if (!isConsistent && reduce > 0) {
        print("reduced schedule: %s".formatted(campaign.reduce(used, partSeed, reduce)));
      }
    } finally {
      if (isConsistent && folder == null) {
        StateDamage.wipe(used);
        Files.delete(used);
      } else {
        print("seed %d; logs and schedule: %s".formatted(partSeed, used));
        print("replay: " + campaign.replay(used, partSeed));
      }
    }
  }

  private CampaignRecord record(String options) throws IOException {
    try {
      return new CampaignRecord(recordFile, options);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--record: " + e.getMessage());
    }
  }

  private List<FaultKind> chosenKinds() {
    try {
      List<FaultKind> chosen =
          kinds.isEmpty()
              ? FaultKind.harmless(otherBuild != null)
              : kinds.stream().map(FaultKind::of).toList();
      if (otherBuild == null && chosen.contains(FaultKind.ROLLING_UPGRADE)) {
        throw new UsageException("--kinds: rolling-upgrade needs --other-build");
      }
      return chosen;
    } catch (IllegalArgumentException e) {
      throw new UsageException("--kinds: " + e.getMessage());
    }
  }

  private static String ids(List<FaultKind> kinds) {
    return kinds.stream().map(FaultKind::id).collect(Collectors.joining(","));
  }

  private void requireGuarantee() {
    if (!GUARANTEES.contains(guarantee)) {
      throw new UsageException(
          "--guarantee: expected one of %s, got %s".formatted(GUARANTEES, guarantee));
    }
  }

  /** Returns a folder for a part, next to the one of an interrupted run of it. */
  private static Path partFolder(Path parent, long seed) {
    Path folder = parent.resolve("seed-" + seed);
    for (int run = 2; Files.exists(folder); run++) {
      folder = parent.resolve("seed-%d-run-%d".formatted(seed, run));
    }
    return folder;
  }

  private CampaignSettings settings() {
    return new CampaignSettings(
        brokers,
        instances,
        PARTITIONS,
        series,
        rate,
        late,
        duration,
        guarantee,
        patience,
        otherBuild);
  }

  private @Nullable Schedule givenSchedule() throws IOException {
    if (schedule == null) {
      return null;
    }
    try {
      return Schedule.read(schedule);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--schedule: " + e.getMessage());
    }
  }

  private void report(CampaignRecord record) {
    Console console = Console.of(spec);
    if (isJson) {
      console.println("%s", record.json().toPrettyString());
    } else if (record.size() > 1) {
      record.print(console);
    }
  }

  private void print(String line) {
    Console.of(spec).printErr("%s", line);
  }
}
