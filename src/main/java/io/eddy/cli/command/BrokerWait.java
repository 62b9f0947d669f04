package io.eddy.cli.command;

import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.StopSignal;
import io.eddy.kafka.topics.BrokerAdmin;
import io.eddy.kafka.topics.BrokerException;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.DescribeClusterOptions;

/** Repeats an action until it meets a broker that answers, for as long as that takes. */
final class BrokerWait {
  private static final long PAUSE_MS = 1000;
  private static final int TIMEOUT_MS = 4000;

  private final Map<String, Object> client;
  private final Console console;
  private final StopSignal stop;
  private final Consumer<String> report;
  private boolean isAnnounced;

  /**
   * Creates a wait.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   * @param report receives the reason while no broker answers
   */
  BrokerWait(
      Map<String, Object> client, Console console, StopSignal stop, Consumer<String> report) {
    this.client = client;
    this.console = console;
    this.stop = stop;
    this.report = report;
  }

  /**
   * Runs an action, again if no broker answered it.
   *
   * @return false if a stop was requested first
   * @throws BrokerException if a broker rejects a request
   */
  boolean run(Runnable action) {
    while (!stop.isRequested()) {
      try {
        requireAnswer();
        action.run();
        return true;
      } catch (BrokerException e) {
        if (!e.isUnreachable()) {
          throw e;
        }
        announce(e);
      }
      if (stop.await(PAUSE_MS)) {
        break;
      }
    }
    return false;
  }

  /** Sends one request that is answered soon, before those that take long to time out. */
  private void requireAnswer() {
    try (BrokerAdmin admin = new BrokerAdmin(client)) {
      var unused =
          admin.await(
              admin
                  .client()
                  .describeCluster(new DescribeClusterOptions().timeoutMs(TIMEOUT_MS))
                  .clusterId(),
              "Describe on the cluster");
    }
    if (isAnnounced) {
      console.printErr("a broker answers");
      isAnnounced = false;
    }
  }

  private void announce(BrokerException error) {
    String reason = String.valueOf(error.getMessage());
    report.accept(reason);
    if (!isAnnounced) {
      console.printErr("waiting for a broker: %s", reason);
      isAnnounced = true;
    }
  }
}
