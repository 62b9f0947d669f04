package io.eddy.kafka.state;

import io.eddy.series.ExactSum;
import io.eddy.series.FutureCovariates;
import io.eddy.series.OpenStep;
import io.eddy.series.OpenSteps;
import io.eddy.series.StepAggregate;
import io.eddy.series.StepAggregate.Stamped;
import io.eddy.series.StepAggregate.StampedRow;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one open step that layouts 1 to 5 of {@link StateCodec} have: its sum was rounded, and what
 * came with its observations counts as measured with the last.
 */
final class LegacyOpenStep {
  private final boolean hasAhead;
  private final long step;
  private final StepAggregate.@Nullable Statistics numbers;
  private final Map<String, Stamped> covariates = new HashMap<>();
  private final Map<String, StampedRow> ahead = new HashMap<>();

  private LegacyOpenStep(boolean hasAhead, long step, StepAggregate.@Nullable Statistics numbers) {
    this.hasAhead = hasAhead;
    this.step = step;
    this.numbers = numbers;
  }

  /** Reads whether there is one, and its numbers. */
  static LegacyOpenStep get(ByteBuffer bytes, boolean hasAhead) {
    if (bytes.get() == 0) {
      return new LegacyOpenStep(hasAhead, 0, null);
    }
    long step = bytes.getLong();
    long count = bytes.getLong();
    ExactSum sum = new ExactSum();
    sum.add(bytes.getDouble());
    double min = bytes.getDouble();
    double max = bytes.getDouble();
    double value = bytes.getDouble();
    Stamped last = new Stamped(bytes.getLong(), value);
    return new LegacyOpenStep(
        hasAhead, step, new StepAggregate.Statistics(count, sum, min, max, last, last));
  }

  /** Reads what came with its observations. */
  void getCovariates(ByteBuffer bytes) {
    long time = numbers == null ? 0 : numbers.last().timestampMs();
    int count = bytes.getShort() & 0xFFFF;
    for (int i = 0; i < count; i++) {
      covariates.put(SegmentCodec.getName(bytes), new Stamped(time, bytes.getDouble()));
    }
    if (hasAhead) {
      FutureCovariates known = FutureCovariatesCodec.get(bytes);
      known.names().forEach(name -> ahead.put(name, new StampedRow(time, known.values(name))));
    }
  }

  void addTo(OpenSteps open) {
    if (numbers != null) {
      open.append(new OpenStep(step, StepAggregate.of(numbers, covariates, ahead)));
    }
  }
}
