package io.eddy.bench.stream;

import io.eddy.kafka.event.EventEncoder;
import io.eddy.series.Observation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

/** The endless events of a number of series: one of each series per hour of event time. */
final class SeriesEvents {
  private static final long STEP_MS = Duration.ofHours(1).toMillis();
  private static final int FIRST_STEP = 100_000;

  private final EventEncoder encoder;
  private final String prefix;
  private final int keys;
  private final int partitions;
  private long next;

  /**
   * Creates events from the first one.
   *
   * @param prefix start of the series' names
   */
  SeriesEvents(String prefix, int keys, StreamPlan.EventTopic topic) {
    encoder = new EventEncoder(topic.format());
    this.prefix = prefix;
    this.keys = keys;
    this.partitions = topic.partitions();
  }

  int keys() {
    return keys;
  }

  /** Returns the number of events so far. */
  long count() {
    return next;
  }

  /** Returns the next event, with the partition that Kafka chooses by its key. */
  ProducerRecord<byte[], byte[]> next(String topic) {
    long index = next++;
    int series = (int) (index % keys);
    long step = index / keys;
    Observation observation =
        new Observation(prefix + series, (FIRST_STEP + step) * STEP_MS, value(series, step));
    byte[] key = observation.series().getBytes(StandardCharsets.UTF_8);
    return new ProducerRecord<>(
        topic,
        BuiltInPartitioner.partitionForKey(key, partitions),
        observation.timestampMs(),
        key,
        encoder.encode(observation));
  }

  /** Returns a daily season of the series' own level and amplitude, with noise. */
  private static double value(int series, long step) {
    long mixed = (series * 0x9E3779B97F4A7C15L) ^ (step * 0xC2B2AE3D27D4EB4FL);
    mixed = (mixed ^ (mixed >>> 31)) * 0xBF58476D1CE4E5B9L;
    double noise = (mixed >>> 11) * 0x1p-53 - 0.5;
    return 20 + series % 97 + 5 * StrictMath.sin((step + series % 24) * StrictMath.PI / 12) + noise;
  }
}
