package io.eddy.e2e;

import io.eddy.kafka.event.EventEncoder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.model.Models;
import io.eddy.series.Observation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends events of many series, one hour per round. Series are up to four hours apart, some have
 * short gaps, and one has a gap too long to bridge. Some events are late or unreadable.
 */
final class EventRounds implements AutoCloseable {
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final int OFFSETS = 5;

  private final KafkaProducer<byte[], byte[]> producer;
  private final EventEncoder encoder = new EventEncoder(EventFormat.JSON);
  private final String topic;
  private final int series;
  private final List<Future<RecordMetadata>> sent = new ArrayList<>();
  private int round;
  private int usable;
  private int late;
  private int unreadable;

  EventRounds(Map<String, Object> client, String topic, int series) {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put("max.in.flight.requests.per.connection", 1);
    settings.put("linger.ms", 5);
    producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    this.topic = topic;
    this.series = series;
  }

  /** Sends rounds without waiting for acknowledgements. */
  void send(int rounds) {
    for (int end = round + rounds; round < end; round++) {
      for (int number = 0; number < series; number++) {
        if (!isMissing(number)) {
          send(observation(number, round));
          usable++;
        }
      }
      if (round > 0 && round % 5 == 0) {
        send(observation(0, round - 1));
        late++;
      }
      if (round % 10 == 0) {
        send("series-1", "garbage".getBytes(StandardCharsets.UTF_8), 0);
        unreadable++;
      }
    }
  }

  /** Waits until the broker has acknowledged all events. */
  void flush() throws ExecutionException, InterruptedException {
    for (Future<RecordMetadata> future : sent) {
      future.get();
    }
    sent.clear();
  }

  /** Returns a time that some series have passed and others have not. */
  long middleMs() {
    return timestampMs(OFFSETS / 2, round);
  }

  /** Returns the number of events that produce a forecast. */
  int usable() {
    return usable;
  }

  /** Returns the number of late events. */
  int late() {
    return late;
  }

  /** Returns the number of unreadable events. */
  int unreadable() {
    return unreadable;
  }

  private boolean isMissing(int number) {
    return (number % 7 == 3 && round % 13 == 5) || (number == 11 && round >= 30 && round < 36);
  }

  private static Observation observation(int number, int round) {
    double value = 10 * (number % 17) + 3 * StrictMath.sin((round + number) / 4.0) + round % 3;
    return new Observation("series-" + number, timestampMs(number, round), value);
  }

  private static long timestampMs(int number, int round) {
    return (1000 + round + number % OFFSETS) * HOUR;
  }

  private void send(Observation observation) {
    send(observation.series(), encoder.encode(observation), observation.timestampMs());
  }

  private void send(String key, byte[] value, long timestampMs) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    sent.add(producer.send(new ProducerRecord<>(topic, null, timestampMs, bytes, value)));
  }

  @Override
  public void close() {
    producer.close();
  }
}
