package io.eddy.demo;

import io.eddy.cli.terminal.UsageException;
import io.eddy.dataset.Dataset;
import io.eddy.dataset.SeriesCollector;
import io.eddy.dataset.SeriesData;
import io.eddy.dataset.synthetic.SensorGenerator;
import io.eddy.kafka.event.EventPublisher;
import io.eddy.series.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events of the demo: of a CSV file, or of generated sensors, which never end. */
final class DemoData {
  private static final int SERIES = 300;
  private static final int DAYS = 28;
  private static final Duration INTERVAL = Duration.ofHours(1);

  private final @Nullable SensorGenerator sensors;
  private final String source;
  private final int seriesCount;
  private final List<Observation> events;
  private long nextStep = Duration.ofDays(DAYS).toMillis() / INTERVAL.toMillis();

  private DemoData(@Nullable SensorGenerator sensors, String source, List<SeriesData> series) {
    this.sensors = sensors;
    this.source = source;
    seriesCount = series.size();
    events = EventPublisher.mergeByTime(series);
    if (events.isEmpty()) {
      throw new UsageException(source + ": no observations");
    }
  }

  /** Returns the data of a file. */
  static DemoData of(String source, List<SeriesData> series) {
    return new DemoData(null, source, series);
  }

  /** Generates sensors. */
  static DemoData generated() {
    SensorGenerator sensors = new SensorGenerator(SERIES, INTERVAL, 1);
    SeriesCollector collector = new SeriesCollector();
    sensors.generate(0, Duration.ofDays(DAYS).toMillis() / INTERVAL.toMillis(), collector::add);
    return new DemoData(sensors, "generated sensors", collector.toList());
  }

  /** Returns all events in order of time. */
  List<Observation> events() {
    return events;
  }

  /** Returns the event time after a share of the time span of the data, epoch milliseconds. */
  long timeAtMs(double share) {
    long firstMs = events.get(0).timestampMs();
    return firstMs + (long) (share * (events.get(events.size() - 1).timestampMs() - firstMs));
  }

  /** Returns the index of the first event at or after a time. */
  int indexOf(long timestampMs) {
    int index = 0;
    while (index < events.size() && events.get(index).timestampMs() < timestampMs) {
      index++;
    }
    return index;
  }

  /** Returns the events before a time. */
  Dataset before(long timestampMs) {
    SeriesCollector collector = new SeriesCollector();
    events.subList(0, indexOf(timestampMs)).forEach(collector::add);
    return new Dataset(collector.toList(), "demo up to " + Instant.ofEpochMilli(timestampMs));
  }

  /** Returns whether {@link #nextEvents} has more events after {@link #events}. */
  boolean isEndless() {
    return sensors != null;
  }

  /** Generates the events of the next step; empty for a CSV file. */
  List<Observation> nextEvents() {
    SeriesCollector collector = new SeriesCollector();
    if (sensors != null) {
      sensors.generate(nextStep, nextStep + 1, collector::add);
      nextStep++;
    }
    return EventPublisher.mergeByTime(collector.toList());
  }

  @Override
  public String toString() {
    return "%s: %d series, %d events, %s to %s"
        .formatted(
            source,
            seriesCount,
            events.size(),
            Instant.ofEpochMilli(events.get(0).timestampMs()),
            Instant.ofEpochMilli(events.get(events.size() - 1).timestampMs()));
  }
}
