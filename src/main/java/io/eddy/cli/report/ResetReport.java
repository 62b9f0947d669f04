package io.eddy.cli.report;

import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.Table;
import io.eddy.kafka.reset.ResetPlan;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Describes the changes of a reset as text and as JSON. */
public final class ResetReport {
  private final ResetPlan plan;

  public ResetReport(ResetPlan plan) {
    this.plan = plan;
  }

  /** Prints what the reset changes. */
  public void print(Console console) {
    if (!plan.offsets().isEmpty()) {
      Table table = Table.indented().left("partition").right("offset").right("new").right("end");
      plan.offsets()
          .forEach(
              change ->
                  table.row(
                      change.partition(),
                      change.from() == null ? "none" : change.from(),
                      change.to(),
                      change.end()));
      console.println("committed offsets:");
      table.print(console);
    }
    print(console, "topics to delete", plan.changelogs());
    print(
        console,
        "partitions whose records to delete",
        plan.truncated().stream().map(Object::toString).toList());
    print(console, "consumer groups to delete", plan.groups());
    if (plan.stateFolder() != null) {
      console.println(
          "local state to delete:%n  %s, %s", plan.stateFolder(), size(plan.stateBytes()));
    }
  }

  private static void print(Console console, String label, List<String> names) {
    if (!names.isEmpty()) {
      console.println("%s:", label);
      names.forEach(name -> console.println("  %s", name));
    }
  }

  /** Formats a number of bytes, for example {@code 3.2 MB}. */
  private static String size(long bytes) {
    return bytes < 1_000_000
        ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
        : String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6);
  }

  /**
   * Returns the plan as JSON.
   *
   * @param isDone whether it was carried out
   */
  public String json(boolean isDone) {
    return Json.write(
        new Reset(
            isDone,
            plan.offsets().stream()
                .map(
                    change ->
                        new Offset(
                            change.partition().topic(),
                            change.partition().partition(),
                            change.from(),
                            change.to(),
                            change.end()))
                .toList(),
            plan.changelogs(),
            plan.truncated().stream().map(Object::toString).toList(),
            plan.groups(),
            plan.stateFolder()));
  }

  private record Reset(
      boolean done,
      List<Offset> offsets,
      List<String> deletedTopics,
      List<String> truncatedPartitions,
      List<String> deletedGroups,
      @Nullable String deletedStateFolder) {}

  private record Offset(String topic, int partition, @Nullable Long from, long to, long end) {}
}
