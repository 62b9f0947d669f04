package io.eddy.kafka.verify;

import io.eddy.forecast.Forecast;
import io.eddy.kafka.event.EventMapping;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the forecasts of the last {@value #EVENTS} values should be, as a hash of 64 bits each, so
 * that a second forecast which stands far behind the first can be told from another. A value's
 * place is its event's offset, times the values that an event may have, and which of them it is.
 */
final class ForecastFingerprints {
  private static final int EVENTS = 1 << 20;
  private static final long PRIME = 0x9E3779B97F4A7C15L;

  private static final int SEVERAL = 1 << 14;

  private final EventMapping mapping;
  private final long[] hashes = new long[EVENTS];

  /** Of events that gave several forecasts the others, by place. */
  private final Map<Long, Set<Long>> others =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Set<Long>> eldest) {
          return size() > SEVERAL;
        }
      };

  private long last = -1;

  /** How a forecast compares. */
  enum Result {
    /** The event had no forecast. */
    NONE,
    SAME,
    OTHER,
    /** It lies too far behind. */
    FORGOTTEN
  }

  ForecastFingerprints(EventMapping mapping) {
    this.mapping = mapping;
  }

  /** Remembers what the value's forecast should be. Places only grow. */
  void put(RecordedForecast found, Forecast expected) {
    long place = place(found);
    if (place == last) {
      others.computeIfAbsent(place, one -> new HashSet<>()).add(hashes[index(place)]);
    }
    // What lies between gave no forecast; a whole round clears everything.
    for (long passed = Math.max(last + 1, place - EVENTS + 1); passed < place; passed++) {
      hashes[index(passed)] = 0;
    }
    hashes[index(place)] = hash(found, expected);
    last = place;
  }

  Result compare(RecordedForecast found) {
    long place = place(found);
    if (place <= last - EVENTS) {
      return Result.FORGOTTEN;
    }
    long there = place > last ? 0 : hashes[index(place)];
    return there == 0
        ? Result.NONE
        : isOneOf(place, there, hash(found, found.forecast())) ? Result.SAME : Result.OTHER;
  }

  private boolean isOneOf(long place, long there, long hash) {
    return there == hash || others.getOrDefault(place, Set.of()).contains(hash);
  }

  private long place(RecordedForecast found) {
    return found.sourceOffset() * mapping.values().size() + mapping.valueIndex(found.series());
  }

  private static int index(long offset) {
    return (int) (offset & (EVENTS - 1));
  }

  private static long hash(RecordedForecast found, Forecast forecast) {
    Forecast.Origin origin = forecast.origin();
    // Forecasts of earlier releases do not say what they stand on.
    Forecast.Origin bare =
        new Forecast.Origin(
            origin.series(),
            origin.timestampMs(),
            origin.intervalMs(),
            origin.served(),
            origin.warm());
    long hash = mix(found.published().model().hashCode(), bare.hashCode());
    hash = mix(hash, forecast.quantileLevels().hashCode());
    hash = mix(hash, forecast.classes());
    for (float value : forecast.values()) {
      hash = mix(hash, Float.floatToRawIntBits(value));
    }
    return hash == 0 ? 1 : hash;
  }

  private static long mix(long hash, long next) {
    long mixed = (hash ^ next) * PRIME;
    return mixed ^ (mixed >>> 32);
  }
}
