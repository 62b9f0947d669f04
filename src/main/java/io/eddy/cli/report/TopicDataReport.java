package io.eddy.cli.report;

import io.eddy.cli.terminal.Console;
import io.eddy.kafka.history.TopicHistory;
import java.util.Comparator;
import java.util.Map;

/** Prints which values of a topic were rejected, by reason, or rounded in a data set. */
public final class TopicDataReport {
  private TopicDataReport() {}

  /** Prints to standard error; prints nothing if all values were read exactly. */
  public static void print(Console console, String topic, TopicHistory.Result result) {
    printRejected(console, topic, result.rejected());
    if (result.roundedIntegers() > 0) {
      console.printErr(
          "WARNING: topic %s: %s", topic, DataReport.roundedIntegers(result.roundedIntegers()));
    }
  }

  private static void printRejected(Console console, String topic, Map<String, Long> rejected) {
    if (rejected.isEmpty()) {
      return;
    }
    console.printErr(
        "topic %s: rejected %d events",
        topic, rejected.values().stream().mapToLong(Long::longValue).sum());
    rejected.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(reason -> console.printErr("  %d: %s", reason.getValue(), reason.getKey()));
  }
}
