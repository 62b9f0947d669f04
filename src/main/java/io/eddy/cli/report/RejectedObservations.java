package io.eddy.cli.report;

import io.eddy.cli.terminal.Console;
import io.eddy.kafka.event.EventCheck;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The observations of a file that forecasters would reject, by reason. */
public final class RejectedObservations {
  private static final int MAX_REASONS = 20;

  private final Path file;
  private final boolean isSkipping;
  private final Map<String, Long> byReason = new TreeMap<>();
  private String first = "";

  /**
   * Creates an empty list.
   *
   * @param isSkipping whether such observations are left out; otherwise they are an error
   */
  public RejectedObservations(Path file, boolean isSkipping) {
    this.file = file;
    this.isSkipping = isSkipping;
  }

  /**
   * Returns the observations that forecasters accept.
   *
   * @param observations in order of time
   * @param event returns what is published for an observation
   * @throws InvalidRecordException if one is rejected, unless such observations are left out; or if
   *     all are
   */
  public List<Observation> remove(
      List<Observation> observations, EventCheck check, UnaryOperator<Observation> event) {
    List<Observation> accepted = new ArrayList<>(observations.size());
    for (Observation observation : observations) {
      String reason = check.rejection(event.apply(observation));
      if (reason == null) {
        accepted.add(observation);
      } else {
        add(observation, reason);
      }
    }
    if (!byReason.isEmpty() && (!isSkipping || accepted.isEmpty())) {
      throw new InvalidRecordException(
          "%s: forecasters with these settings would reject %,d of %,d observations, first %s:%n%s%n"
              + "nothing was published%s",
          file,
          total(),
          observations.size(),
          first,
          String.join(System.lineSeparator(), lines()),
          accepted.isEmpty() ? "" : "; --skip-rejected leaves them out");
    }
    return accepted;
  }

  private void add(Observation observation, String reason) {
    if (byReason.isEmpty()) {
      Instant time = Instant.ofEpochMilli(observation.timestampMs());
      first = "series %s at %s".formatted(observation.series(), time);
    }
    boolean isListed = byReason.containsKey(reason) || byReason.size() < MAX_REASONS;
    byReason.merge(isListed ? reason : "other reasons", 1L, Long::sum);
  }

  private long total() {
    return byReason.values().stream().mapToLong(Long::longValue).sum();
  }

  private List<String> lines() {
    return byReason.entrySet().stream()
        .map(entry -> "  %,d: %s".formatted(entry.getValue(), entry.getKey()))
        .toList();
  }

  /** Prints what was left out; prints nothing if nothing was. */
  public void print(Console console) {
    if (!byReason.isEmpty()) {
      console.printErr("left out %,d observations, first %s:", total(), first);
      lines().forEach(line -> console.printErr("%s", line));
    }
  }

  /** Returns the number of observations that were left out, by reason. */
  public Map<String, Long> byReason() {
    return byReason;
  }
}
