package io.eddy.kafka.stream;

import io.eddy.forecast.anomaly.Anomaly;
import io.eddy.forecast.anomaly.AnomalyKind;
import io.eddy.forecast.anomaly.AnomalyScore.Change;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counts the episodes that begin and end, by kind. Thread-safe. */
public final class AnomalyTotals {
  private final Map<AnomalyKind, LongAdder> begun =
      StreamCounters.byConstant(AnomalyKind.class, LongAdder::new);
  private final LongAdder ended = new LongAdder();

  void add(Anomaly anomaly) {
    if (anomaly.isChange() && anomaly.score().episode() != null) {
      if (anomaly.score().change() == Change.BEGIN) {
        Objects.requireNonNull(begun.get(anomaly.score().episode().kind())).increment();
      } else {
        ended.increment();
      }
    }
  }

  /** Returns the number of episodes that began, by the kind at their begin. */
  public long begun(AnomalyKind kind) {
    return Objects.requireNonNull(begun.get(kind)).sum();
  }

  /** Returns the number of episodes that ended. */
  public long ended() {
    return ended.sum();
  }
}
