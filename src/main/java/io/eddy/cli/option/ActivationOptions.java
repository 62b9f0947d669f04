package io.eddy.cli.option;

import io.eddy.cli.terminal.UsageException;
import io.eddy.rollout.Activation.Timing;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that define when an activation takes effect, its reason and its output. */
public final class ActivationOptions {
  @Option(
      names = "--from",
      paramLabel = "TIME",
      description =
          "Event time from which the activation is effective, ISO-8601, for example"
              + " 2026-01-20T00:00:00Z. Default: effective immediately.")
  private @Nullable Instant from;

  @Within(min = 1)
  @Option(
      names = "--over",
      paramLabel = "DURATION",
      description =
          "With --from: spread the migrations of series over this much event time, for example"
              + " 10m, by the hash of their names. Default: all migrate at the same time.")
  private @Nullable Duration over;

  @Option(
      names = "--urgent",
      description =
          "Effective immediately and not throttled: migration.steps-per-event does not apply.")
  private boolean isUrgent;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Reason, shown by models status. Default: none.")
  private String reason = "";

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  /** Returns when the activation takes effect. */
  public Timing timing() {
    if (isUrgent && (from != null || over != null)) {
      throw new UsageException("--urgent cannot be combined with --from or --over");
    }
    if (over != null && from == null) {
      throw new UsageException(
          "--over requires --from; without --from, migration.steps-per-event throttles"
              + " migrations");
    }
    if (from == null) {
      return isUrgent ? Timing.URGENT : Timing.AT_ONCE;
    }
    try {
      return new Timing(from.toEpochMilli(), over == null ? 0 : over.toMillis(), false);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--over: " + e.getMessage());
    }
  }

  public boolean isUrgent() {
    return isUrgent;
  }

  /** Returns the reason; empty if none was given. */
  public String reason() {
    return reason;
  }

  public boolean isJson() {
    return isJson;
  }
}
