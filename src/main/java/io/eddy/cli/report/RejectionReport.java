package io.eddy.cli.report;

import io.eddy.cli.terminal.Console;
import java.util.Comparator;
import java.util.Map;

/** Prints how many events of a topic were rejected and left out of a data set, by reason. */
public final class RejectionReport {
  private RejectionReport() {}

  /**
   * Prints to standard error; prints nothing if there are no rejections.
   *
   * @param rejected counts by reason
   */
  public static void print(Console console, String topic, Map<String, Long> rejected) {
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
