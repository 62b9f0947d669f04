package io.eddy.serving;

import io.eddy.kafka.Forecaster;
import io.eddy.serving.metrics.ProcessHealth;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.ThreadMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Determines whether the process is alive, started and ready.
 *
 * <p>While it waits for the first activation, it is started and ready by design. A forecaster is
 * started once it was RUNNING, which implies that all of its state is restored. It is ready while
 * it is RUNNING and a version of the model can serve. In a later rebalance the partitions that it
 * keeps are processed further, so it stays ready, unless it restores state or the rebalance takes
 * long. It is not ready while no broker answers or a failed stream thread is being replaced.
 */
final class Health {
  private static final Duration MAX_REBALANCE = Duration.ofMinutes(2);
  private static final String DEAD = "DEAD";

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
    Forecaster forecaster = phase == Phase.STOPPING ? progress.forecaster() : null;
    progress = new Progress(phase, reason, forecaster);
  }

  void setForecaster(Forecaster forecaster) {
    progress = new Progress(Phase.SERVING, "serving", forecaster);
  }

  Optional<Forecaster> forecaster() {
    return Optional.ofNullable(progress.forecaster());
  }

  /** Returns all checks at one time. */
  ProcessHealth snapshot() {
    return new ProcessHealth(state(progress), live().isUp(), started().isUp(), ready().isUp());
  }

  /** Checks that the process answers and that no stream thread has died. */
  HealthReport live() {
    Progress now = progress;
    Forecaster forecaster = now.forecaster();
    if (forecaster == null || now.phase() == Phase.STOPPING) {
      return up(now, now.reason());
    }
    if (hasFailed(forecaster)) {
      return down(now, failure(forecaster));
    }
    String dead =
        forecaster.threads().stream()
            .filter(thread -> thread.threadState().equals(DEAD))
            .map(ThreadMetadata::threadName)
            .sorted()
            .collect(Collectors.joining(", "));
    return dead.isEmpty()
        ? up(now, "all stream threads are alive")
        : down(now, "dead stream threads: " + dead);
  }

  private static boolean hasFailed(Forecaster forecaster) {
    return forecaster.state() == KafkaStreams.State.ERROR
        || forecaster.state() == KafkaStreams.State.PENDING_ERROR;
  }

  private static String failure(Forecaster forecaster) {
    return forecaster
        .failure()
        .map(reason -> "the forecaster failed: " + reason)
        .orElse("the forecaster failed");
  }

  /** Checks that the process is past its start. */
  HealthReport started() {
    Progress now = progress;
    Forecaster forecaster = now.forecaster();
    return switch (now.phase()) {
      case STARTING -> down(now, now.reason());
      case WAITING, STOPPING -> up(now, now.reason());
      case SERVING ->
          forecaster == null || !forecaster.hasRun()
              ? down(now, joining(forecaster))
              : up(now, "all state was restored");
    };
  }

  /** Checks that the process forecasts, or waits by design. */
  HealthReport ready() {
    Progress now = progress;
    Forecaster forecaster = now.forecaster();
    return switch (now.phase()) {
      case STARTING, STOPPING -> down(now, now.reason());
      case WAITING -> up(now, now.reason());
      case SERVING -> forecaster == null ? down(now, now.reason()) : serving(now, forecaster);
    };
  }

  private static HealthReport serving(Progress now, Forecaster forecaster) {
    if (hasFailed(forecaster) || forecaster.failure().isPresent()) {
      return down(now, failure(forecaster));
    }
    Optional<String> interruption = forecaster.interruption();
    if (interruption.isPresent()) {
      return down(now, interruption.get());
    }
    boolean isRebalancing = forecaster.state() == KafkaStreams.State.REBALANCING;
    if (forecaster.state() != KafkaStreams.State.RUNNING && !isRebalancing) {
      return down(now, "the forecaster is not running");
    }
    if (isRebalancing) {
      if (!forecaster.hasRun() || forecaster.restoreProgress().partitions() > 0) {
        return down(now, joining(forecaster));
      }
      if (forecaster.rebalanceTime().compareTo(MAX_REBALANCE) > 0) {
        return down(now, "rebalancing for %d s".formatted(forecaster.rebalanceTime().toSeconds()));
      }
    }
    return forecaster
        .modelProblem()
        .map(problem -> down(now, problem))
        .orElseGet(() -> up(now, isRebalancing ? "rebalancing, without restoring" : "running"));
  }

  private static String joining(@Nullable Forecaster forecaster) {
    int partitions = forecaster == null ? 0 : forecaster.restoreProgress().partitions();
    return forecaster == null || partitions == 0
        ? "joining the consumer group"
        : "restoring %,d records of %d partitions of state stores"
            .formatted(forecaster.restoreProgress().records(), partitions);
  }

  private static HealthReport up(Progress now, String reason) {
    return new HealthReport(true, reason, state(now));
  }

  private static HealthReport down(Progress now, String reason) {
    return new HealthReport(false, reason, state(now));
  }

  private static String state(Progress now) {
    Enum<?> state =
        now.phase() == Phase.SERVING && now.forecaster() != null
            ? now.forecaster().state()
            : now.phase();
    return state.name().toLowerCase(Locale.ROOT);
  }
}
