package io.eddy.cli.command;

import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.StopSignal;
import io.eddy.kafka.Forecaster;
import io.eddy.kafka.config.Deployment;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.reset.PartitionChange;
import io.eddy.kafka.topics.BrokerException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.GroupProtocol;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Runs the forecaster on the partitions that have state, until the events of the series that move
 * to new partitions are processed.
 */
final class OldPartitions {
  private static final long CHECK_PERIOD_MS = 1000;

  /** Time beyond the time to settle, after which producers still write to the old partitions. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final PartitionChange change;
  private final PartitionChange.Plan plan;
  private final EddyConfig settings;
  private final Console console;

  OldPartitions(
      PartitionChange change, PartitionChange.Plan plan, EddyConfig settings, Console console) {
    this.change = change;
    this.plan = plan;
    this.settings = settings;
    this.console = console;
  }

  /**
   * Processes the events that are left.
   *
   * @param settle minimum time for which the partitions are processed
   * @throws BrokerException if events are left, because no model is active, the process is stopped,
   *     or producers go on writing them
   */
  void process(Duration settle) {
    long beganNs = System.nanoTime();
    long left = change.unprocessed(plan);
    try (StopSignal stop = new StopSignal()) {
      while (left > 0 || System.nanoTime() - beganNs < settle.toNanos()) {
        console.printErr(
            "processing the events left in the partitions 0 to %d%s",
            plan.from() - 1, left == 0 ? "" : ": %,d".formatted(left));
        requireModel(left);
        run(stop, beganNs, settle);
        left = change.unprocessed(plan);
        if (stop.isRequested()) {
          throw failure("stopped before the state moved");
        }
        if (System.nanoTime() - beganNs > settle.plus(PATIENCE).toNanos()) {
          throw failure(
              ("producers still write events of moving series to their old partitions (%,d are not"
                      + " processed): restart the producers")
                  .formatted(left));
        }
      }
    }
  }

  private void requireModel(long left) {
    String model = settings.stream().model();
    ModelRegistry registry = new ModelRegistry(settings.client(), settings.stream().topics());
    if (registry.activations().read(model).descending().isEmpty()) {
      throw failure(
          "%,d events of moving series are not processed, and no version of model %s is active: activate one"
              .formatted(left, model));
    }
  }

  private void run(StopSignal stop, long beganNs, Duration settle) {
    try (Forecaster forecaster = new Forecaster(settings.stream(), deployment())) {
      forecaster.start();
      do {
        forecaster.requireAlive();
        if (stop.await(CHECK_PERIOD_MS)) {
          return;
        }
      } while (System.nanoTime() - beganNs < settle.toNanos() || change.unprocessed(plan) > 0);
    }
  }

  /**
   * Returns the settings of the forecaster. A static member would stay in the group, whose offsets
   * then cannot be changed. With the streams protocol, the brokers would assign the new partitions
   * too, for which there is no state.
   */
  private Deployment deployment() {
    Deployment own = settings.deployment();
    Map<String, Object> client = new HashMap<>(own.client());
    client.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    client.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, GroupProtocol.CLASSIC.name);
    return new Deployment(
        own.applicationId(), own.stateDir(), own.threads(), client, own.rollback(), own.rocksDb());
  }

  private static BrokerException failure(String message) {
    return new BrokerException(message, new IllegalStateException());
  }
}
