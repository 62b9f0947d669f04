package io.eddy.kafka.record;

import io.eddy.series.Interval;
import org.jspecify.annotations.Nullable;

/** Caches the text form of the last interval, which all records of a model share. */
final class IntervalText {
  private @Nullable Interval last;
  private String text = "";

  String of(Interval interval) {
    if (!interval.equals(last)) {
      text = interval.toString();
      last = interval;
    }
    return text;
  }
}
