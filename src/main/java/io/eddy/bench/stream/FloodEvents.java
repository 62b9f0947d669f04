package io.eddy.bench.stream;

import io.eddy.bench.stream.OverloadPlan.Flood;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The events of an overload: those of known series, and every second one of a flood. */
final class FloodEvents {
  private final SeriesEvents known;
  private final SeriesEvents unknown;
  private final Flood flood;
  private boolean isFlood;
  private long flooded;

  /**
   * Creates the events.
   *
   * @param known events of the known series
   * @param unknown events, each of a new series
   */
  FloodEvents(SeriesEvents known, SeriesEvents unknown, Flood flood) {
    this.known = known;
    this.unknown = unknown;
    this.flood = flood;
  }

  /** Returns the number of events of the flood so far. */
  long flooded() {
    return flooded;
  }

  /** Returns the next event. */
  ProducerRecord<byte[], byte[]> next(String topic) {
    isFlood = !isFlood && flood != Flood.NONE;
    if (!isFlood) {
      return known.next(topic);
    }
    flooded++;
    return flood == Flood.SERIES ? unknown.next(topic) : invalid(topic);
  }

  /** Returns an event whose value is text and whose field names differ from all others. */
  private ProducerRecord<byte[], byte[]> invalid(String topic) {
    byte[] key = ("invalid-" + flooded).getBytes(StandardCharsets.UTF_8);
    String value = "{\"value\":\"x%d\",\"field%d\":1}".formatted(flooded, flooded);
    return new ProducerRecord<>(topic, key, value.getBytes(StandardCharsets.UTF_8));
  }
}
