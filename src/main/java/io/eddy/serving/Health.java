package io.eddy.serving;

import io.eddy.kafka.Forecaster;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.ThreadMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Determines whether the process is alive, started and ready.
 *
 * <p>While it waits for the first activation, it is started and ready by design. A forecaster is
 * started once its state was RUNNING, with all state restored; it is ready while it is RUNNING, and
 * during a later rebalance unless it restores state, because the partitions that it keeps are
 * processed meanwhile.
 */
final class Health {
  /** The phases of the process. */
  enum Phase {
    STARTING,
    WAITING,
    SERVING,
    STOPPING
  }

  private record Progress(Phase phase, String reason, @Nullable Forecaster forecaster) {}

  private volatile Progress progress =
      new Progress(Phase.STARTING, "connecting to the broker and checking the topics", null);

  void setPhase(Phase phase, String reason) {
    progress = new Progress(phase, reason, progress.forecaster());
  }

  void setForecaster(Forecaster forecaster) {
    progress = new Progress(Phase.SERVING, "", forecaster);
  }

  Optional<Forecaster> forecaster() {
    return Optional.ofNullable(progress.forecaster());
  }

  /** Checks that the process answers and that no stream thread has died. */
  HealthReport live() {
    Progress now = progress;
    Forecaster forecaster = now.forecaster();
    if (forecaster == null) {
      return new HealthReport(true, now.reason(), state(now));
    }
    if (now.phase() == Phase.STOPPING) {
      return new HealthReport(true, now.reason(), state(now));
    }
    KafkaStreams.State state = forecaster.state();
    if (state == KafkaStreams.State.ERROR || state == KafkaStreams.State.PENDING_ERROR) {
      return new HealthReport(false, "the forecaster failed; see the log", state(now));
    }
    String dead =
        forecaster.threads().stream()
            .filter(thread -> thread.threadState().equals("DEAD"))
            .map(ThreadMetadata::threadName)
            .collect(Collectors.joining(", "));
    return dead.isEmpty()
        ? new HealthReport(true, "all stream threads are alive", state(now))
        : new HealthReport(false, "dead stream threads: " + dead, state(now));
  }

  /** Checks that the process is past its start. */
  HealthReport started() {
    Progress now = progress;
    return switch (now.phase()) {
      case STARTING -> new HealthReport(false, now.reason(), state(now));
      case WAITING, STOPPING -> new HealthReport(true, now.reason(), state(now));
      case SERVING ->
          now.forecaster() != null && now.forecaster().hasRun()
              ? new HealthReport(true, "the forecaster has been running", state(now))
              : new HealthReport(false, "joining the group and restoring state", state(now));
    };
  }

  /** Checks that the process forecasts, or waits by design. */
  HealthReport ready() {
    Progress now = progress;
    return switch (now.phase()) {
      case STARTING, STOPPING -> new HealthReport(false, now.reason(), state(now));
      case WAITING -> new HealthReport(true, now.reason(), state(now));
      case SERVING ->
          now.forecaster() != null && now.forecaster().state() == KafkaStreams.State.RUNNING
              ? new HealthReport(true, "the forecaster is running", state(now))
              : new HealthReport(false, "joining the group and restoring state", state(now));
    };
  }

  private static String state(Progress now) {
    return now.phase() == Phase.SERVING && now.forecaster() != null
        ? now.forecaster().state().name().toLowerCase(java.util.Locale.ROOT)
        : now.phase().name().toLowerCase(java.util.Locale.ROOT);
  }
}
