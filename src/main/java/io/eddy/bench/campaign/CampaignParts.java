package io.eddy.bench.campaign;

import io.eddy.cli.terminal.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs the parts of a campaign. Each part starts new brokers and forecasters and has a schedule of
 * its own.
 */
final class CampaignParts {
  private static final String SCHEDULE = "schedule.csv";
  private static final String REDUCED = "reduced.csv";

  private final CampaignSettings settings;
  private final Faults faults;
  private final Consumer<String> progress;

  /**
   * The faults of each part.
   *
   * @param kinds to draw from
   * @param count to draw
   * @param given schedule to carry out instead; null to draw
   */
  record Faults(List<FaultKind> kinds, int count, @Nullable Schedule given) {}

  CampaignParts(CampaignSettings settings, Faults faults, Consumer<String> progress) {
    this.settings = settings;
    this.faults = faults;
    this.progress = progress;
  }

  /**
   * Runs a part, whose data, logs and schedule are kept in a folder.
   *
   * @param folder does not exist or is empty
   */
  CampaignResult run(Path folder, long seed)
      throws IOException, InterruptedException, ExecutionException {
    return run(folder, seed, faults.given());
  }

  private CampaignResult run(Path folder, long seed, @Nullable Schedule given)
      throws IOException, InterruptedException, ExecutionException {
    Files.createDirectories(folder);
    Set<FaultKind> kinds =
        given == null
            ? Set.copyOf(faults.kinds())
            : given.faults().stream().map(Fault::kind).collect(Collectors.toSet());
    try (Campaign campaign = new Campaign(settings, folder, kinds, progress)) {
      Schedule schedule = given == null ? draw(seed, campaign.hasDisks()) : given;
      requireDisks(schedule, campaign.hasDisks());
      schedule.write(folder.resolve(SCHEDULE));
      return campaign.run(schedule);
    }
  }

  private Schedule draw(long seed, boolean hasDisks) {
    List<FaultKind> possible = new ArrayList<>(faults.kinds());
    if (!hasDisks && possible.removeIf(FaultKind::needsDisk)) {
      progress.accept("faults of disks are left out: mounting a file system is not permitted");
    }
    return Schedule.draw(
        new Schedule.Plan(
            possible,
            faults.count(),
            settings.duration().toMillis(),
            settings.brokers(),
            settings.instances()),
        seed);
  }

  private static void requireDisks(Schedule schedule, boolean hasDisks) {
    if (!hasDisks && schedule.faults().stream().anyMatch(fault -> fault.kind().needsDisk())) {
      throw new UsageException(
          "--schedule: faults of disks need the permission to mount, mkfs.ext4 and fsfreeze");
    }
  }

  /**
   * Shortens the schedule of a part that failed, and writes the result into its folder.
   *
   * @param maxRuns maximum number of runs
   * @return the file of the result
   */
  Path reduce(Path folder, long seed, int maxRuns)
      throws IOException, InterruptedException, ExecutionException {
    ScheduleReduction reduction =
        new ScheduleReduction(schedule -> fails(folder, seed, schedule), maxRuns, progress);
    Path file = folder.resolve(REDUCED);
    reduction.reduce(Schedule.read(folder.resolve(SCHEDULE))).write(file);
    return file;
  }

  private boolean fails(Path folder, long seed, Schedule schedule)
      throws IOException, InterruptedException, ExecutionException {
    Path trial = Files.createTempDirectory(folder, "trial-");
    return !run(trial, seed, schedule).isConsistent();
  }

  /** Returns the command that repeats a part. */
  String replay(Path folder, long seed) {
    return "eddy campaign --seed %d --schedule %s %s"
        .formatted(seed, folder.resolve(SCHEDULE), settings.options());
  }
}
