package io.eddy.kafka.verify;

import io.eddy.forecast.Forecast;
import io.eddy.kafka.event.EventMapping;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The 64-bit hashes of the expected forecasts of the last {@value #CAPACITY} event values, in a
 * ring. A second forecast of an event is a duplicate if its hash equals the stored one, and
 * different otherwise.
 *
 * <p>The position of a value is its event's offset times the number of values per event, plus the
 * index of the value.
 */
final class ForecastFingerprints {
  private static final int CAPACITY = 1 << 20;
  private static final long PRIME = 0x9E3779B97F4A7C15L;
  private static final int MAX_POSITIONS_WITH_SEVERAL = 1 << 14;

  private final EventMapping mapping;

  /** Shape ({@value #CAPACITY}); 0 if the value produced no forecast. */
  private final long[] hashes = new long[CAPACITY];

  /** The other hashes of values that produced several forecasts, by position. */
  private final Map<Long, Set<Long>> others =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Set<Long>> eldest) {
          return size() > MAX_POSITIONS_WITH_SEVERAL;
        }
      };

  private long last = -1;

  /** The result of a comparison. */
  enum Result {
    /** The event produced no forecast. */
    NONE,
    SAME,
    OTHER,
    /** The event is no longer in the ring. */
    EVICTED
  }

  ForecastFingerprints(EventMapping mapping) {
    this.mapping = mapping;
  }

  /** Adds the expected forecast of a value. Positions must not decrease. */
  void add(RecordedForecast found, Forecast expected) {
    long position = position(found);
    if (position == last) {
      others.computeIfAbsent(position, p -> new HashSet<>()).add(hashes[index(position)]);
    }
    // The positions between produced no forecast. A gap of a whole ring clears everything.
    for (long skipped = Math.max(last + 1, position - CAPACITY + 1);
        skipped < position;
        skipped++) {
      hashes[index(skipped)] = 0;
    }
    hashes[index(position)] = hash(found, expected);
    last = position;
  }

  Result compare(RecordedForecast found) {
    long position = position(found);
    if (position <= last - CAPACITY) {
      return Result.EVICTED;
    }
    long stored = position > last ? 0 : hashes[index(position)];
    return stored == 0
        ? Result.NONE
        : contains(position, stored, hash(found, found.forecast())) ? Result.SAME : Result.OTHER;
  }

  private boolean contains(long position, long stored, long hash) {
    return stored == hash || others.getOrDefault(position, Set.of()).contains(hash);
  }

  private long position(RecordedForecast found) {
    return found.sourceOffset() * mapping.values().size() + mapping.valueIndex(found.series());
  }

  private static int index(long position) {
    return (int) (position & (CAPACITY - 1));
  }

  private static long hash(RecordedForecast found, Forecast forecast) {
    Forecast.Origin origin = forecast.origin();
    Forecast.Origin withoutStanding =
        new Forecast.Origin(
            origin.series(),
            origin.timestampMs(),
            origin.interval(),
            origin.served(),
            origin.warm());
    long hash = mix(found.published().model().hashCode(), withoutStanding.hashCode());
    hash = mix(hash, forecast.quantileLevels().hashCode());
    hash = mix(hash, forecast.classes());
    for (double value : forecast.values()) {
      hash = mix(hash, Double.doubleToRawLongBits(value));
    }
    return hash == 0 ? 1 : hash;
  }

  private static long mix(long hash, long next) {
    long mixed = (hash ^ next) * PRIME;
    return mixed ^ (mixed >>> 32);
  }
}
