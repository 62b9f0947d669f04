package io.eddy.cli.report;

import io.eddy.cli.terminal.Console;
import java.util.List;

/** Prints alerts. */
public final class AlertReport {
  private static final int MAX_LISTED = 20;

  private AlertReport() {}

  /** Prints the first alerts; prints nothing if there are none. */
  public static void print(Console console, List<AlertTable.Line> alerts) {
    if (alerts.isEmpty()) {
      return;
    }
    long fired = alerts.stream().filter(alert -> alert.change().equals("fired")).count();
    console.println("alerts: %d fired, %d cleared", fired, alerts.size() - fired);
    for (AlertTable.Line alert : alerts.subList(0, Math.min(MAX_LISTED, alerts.size()))) {
      console.println("  %s %s: %s", alert.origin(), alert.change(), alert.reason());
    }
    if (alerts.size() > MAX_LISTED) {
      console.println("and %d more; --alerts FILE lists all", alerts.size() - MAX_LISTED);
    }
  }
}
