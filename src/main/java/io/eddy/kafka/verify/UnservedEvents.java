package io.eddy.kafka.verify;

import io.eddy.kafka.record.SourcePosition;
import io.eddy.kafka.verify.VerifyDifference.Mismatch;
import java.util.ArrayList;
import java.util.List;

/**
 * The events of a partition that were rejected because no version served them, although one was
 * active and is on the models topic. They are lost if no event of the partition has a forecast.
 */
final class UnservedEvents {
  private static final int MAX_KEPT = 1000;

  private final PartitionVerifier.Context context;
  private final PartitionVerifier.Offsets offsets;
  private final PartitionReport report;
  private final List<EventVerifier.ProcessedEvent> kept = new ArrayList<>();
  private long more;

  UnservedEvents(
      PartitionVerifier.Context context,
      PartitionVerifier.Offsets offsets,
      PartitionReport report) {
    this.context = context;
    this.offsets = offsets;
    this.report = report;
  }

  void add(EventVerifier.ProcessedEvent event) {
    if (kept.size() < MAX_KEPT) {
      kept.add(event);
    } else if (report.contains(event.observation())) {
      more++;
    }
  }

  /** Reports the events as lost. */
  void report() {
    kept.forEach(
        event ->
            report.lost(
                event.observation(),
                new SourcePosition(
                    context.stream().topics().source(), offsets.partition(), event.offset()),
                Mismatch.of(
                    "forecast",
                    "one of an active version",
                    "none; the event was rejected because no version served it")));
    report.countLost(more);
  }
}
