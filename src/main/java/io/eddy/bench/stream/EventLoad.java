package io.eddy.bench.stream;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Publishes events as fast as possible or at a rate. */
final class EventLoad implements AutoCloseable {
  private static final long PAUSE_NS = 200_000;

  private final String topic;
  private final KafkaProducer<byte[], byte[]> bulk;
  private final KafkaProducer<byte[], byte[]> paced;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private long sent;

  /** Receives the events of {@link #pace}. */
  interface SendListener {
    /**
     * Is called before an event is published.
     *
     * @param dueNs {@link System#nanoTime} at which it was due
     */
    void sending(ProducerRecord<byte[], byte[]> event, long dueNs);
  }

  EventLoad(String bootstrapServers, String topic) {
    this.topic = topic;
    bulk = producer(bootstrapServers, 20, 256 << 10);
    paced = producer(bootstrapServers, 0, 16 << 10);
  }

  private static KafkaProducer<byte[], byte[]> producer(
      String bootstrapServers, int lingerMs, int batchBytes) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, lingerMs);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, batchBytes);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Returns the number of events published so far. */
  long sent() {
    return sent;
  }

  /** Publishes events as fast as possible and waits for the acknowledgements. */
  void load(SeriesEvents events, long count) {
    load(events::next, count);
  }

  /**
   * Publishes events as fast as possible and waits for the acknowledgements.
   *
   * @param next returns the next event for a topic
   */
  void load(Function<String, ProducerRecord<byte[], byte[]>> next, long count) {
    for (long i = 0; i < count; i++) {
      send(bulk, next.apply(topic));
    }
    bulk.flush();
    requireNoFailure();
  }

  /**
   * Publishes events at a rate. An event that is sent late keeps the time at which it was due.
   *
   * @param rate events per second
   */
  void pace(SeriesEvents events, int rate, long count, SendListener listener) {
    long beginNs = System.nanoTime();
    for (long i = 0; i < count; i++) {
      long dueNs = beginNs + (long) (i * (1e9 / rate));
      while (System.nanoTime() < dueNs) {
        LockSupport.parkNanos(PAUSE_NS);
      }
      ProducerRecord<byte[], byte[]> event = events.next(topic);
      listener.sending(event, dueNs);
      send(paced, event);
    }
    paced.flush();
    requireNoFailure();
  }

  private void send(KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> event) {
    var unused =
        producer.send(
            event,
            (metadata, error) -> {
              if (error != null) {
                failure.compareAndSet(null, error);
              }
            });
    sent++;
  }

  private void requireNoFailure() {
    Exception error = failure.get();
    if (error != null) {
      throw new IllegalStateException("an event was not published: " + error.getMessage(), error);
    }
  }

  @Override
  public void close() {
    bulk.close();
    paced.close();
  }
}
