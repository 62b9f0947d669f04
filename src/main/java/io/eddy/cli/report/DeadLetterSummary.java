package io.eddy.cli.report;

import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.Table;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Counts dead letters by reason. */
public final class DeadLetterSummary {
  private static final int MAX_REASONS = 10_000;
  private static final String OTHER = "other reasons";

  private final Map<String, Reason> reasons = new HashMap<>();
  private long letters;

  private static final class Reason {
    final String text;
    long count;
    String firstAt = "";
    String lastAt = "";
    String last = "";

    Reason(String text) {
      this.text = text;
    }

    void add(ConsumerRecord<byte[], byte[]> record) {
      String time = Instant.ofEpochMilli(record.timestamp()).toString();
      firstAt = count == 0 ? time : firstAt;
      lastAt = time;
      last = DeadLetterFormat.source(record);
      count++;
    }
  }

  /** Counts a dead letter. */
  public void add(ConsumerRecord<byte[], byte[]> record) {
    letters++;
    String text = DeadLetterFormat.reason(record);
    String counted = reasons.containsKey(text) || reasons.size() < MAX_REASONS ? text : OTHER;
    reasons.computeIfAbsent(counted, Reason::new).add(record);
  }

  /** Returns the reasons, the most frequent first. */
  private List<Reason> sorted() {
    return reasons.values().stream()
        .sorted(
            Comparator.<Reason>comparingLong(reason -> -reason.count)
                .thenComparing(reason -> reason.text))
        .toList();
  }

  /**
   * Prints the counts as text.
   *
   * @param limit maximum number of reasons
   */
  public void print(Console console, long limit) {
    console.println("%d dead letters", letters);
    if (letters == 0) {
      return;
    }
    List<Reason> sorted = sorted();
    Table table =
        new Table().right("count").left("first").left("last").left("last event").left("reason");
    sorted.stream()
        .limit(limit)
        .forEach(
            reason ->
                table.row(reason.count, reason.firstAt, reason.lastAt, reason.last, reason.text));
    table.print(console);
    if (sorted.size() > limit) {
      console.println("and %d more reasons", sorted.size() - limit);
    }
  }

  /** Returns the counts as JSON. */
  public String json(long limit) {
    return Json.write(
        new Counts(
            letters,
            reasons.size(),
            sorted().stream()
                .limit(limit)
                .map(
                    reason ->
                        new Count(
                            reason.text, reason.count, reason.firstAt, reason.lastAt, reason.last))
                .toList()));
  }

  private record Counts(long deadLetters, int distinctReasons, List<Count> reasons) {}

  private record Count(String reason, long count, String first, String last, String lastEvent) {}
}
