package io.eddy.bench.campaign;

import io.eddy.kafka.event.EventEncoder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.series.Observation;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends events at a constant rate, every series in turn, until it is stopped. */
final class EventLoad {
  private static final long HOUR_MS = Duration.ofHours(1).toMillis();
  private static final long FIRST_STEP = 400_000;

  private final String topic;
  private final Ledger ledger;
  private final int series;
  private final long periodNs;
  private final KafkaProducer<byte[], byte[]> producer;
  private final EventEncoder encoder = new EventEncoder(EventFormat.JSON);
  private final Thread thread = new Thread(this::run, "campaign-load");
  private volatile boolean isStopped;
  private volatile long sent;

  /**
   * Creates a load.
   *
   * @param perSecond events per second, of all series together
   */
  EventLoad(Map<String, Object> client, String topic, Ledger ledger, int series, int perSecond) {
    this.topic = topic;
    this.ledger = ledger;
    this.series = series;
    periodNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
    Map<String, Object> settings = new HashMap<>(client);
    settings.put("acks", "all");
    settings.put("enable.idempotence", true);
    settings.put("linger.ms", 5);
    // An event waits for its brokers as long as an outage may last.
    settings.put("max.block.ms", TimeUnit.HOURS.toMillis(1));
    settings.put("delivery.timeout.ms", (int) TimeUnit.HOURS.toMillis(1));
    producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  long sent() {
    return sent;
  }

  private void run() {
    long begin = System.nanoTime();
    Random random = new Random(1);
    for (long index = 0; !isStopped; index++) {
      send(index, random);
      sent = index + 1;
      long wait = begin + (index + 1) * periodNs - System.nanoTime();
      if (wait > 0) {
        LockSupport.parkNanos(wait);
      }
    }
  }

  private void send(long index, Random random) {
    long step = index / series;
    Observation event =
        new Observation(
            "sensor-" + index % series,
            (FIRST_STEP + step) * HOUR_MS,
            20 + 5 * StrictMath.sin(0.26 * step + index % series) + random.nextGaussian());
    byte[] key = encoder.key(event);
    byte[] value = encoder.encode(event);
    int hash = hash(key, value);
    long sentNs = System.nanoTime();
    var unused =
        producer.send(
            new ProducerRecord<>(topic, null, event.timestampMs(), key, value),
            (metadata, failure) -> {
              if (failure == null) {
                ledger.acknowledged(metadata.partition(), metadata.offset(), sentNs, hash);
              } else {
                ledger.failed();
              }
            });
  }

  /** Returns a hash of an event's bytes. */
  static int hash(byte[] key, byte[] value) {
    return 31 * Arrays.hashCode(key) + Arrays.hashCode(value);
  }

  /** Stops sending and waits until all events are acknowledged. */
  void stop() throws InterruptedException {
    isStopped = true;
    thread.join();
    producer.flush();
    producer.close();
  }

  /** Stops without waiting. */
  void abort() {
    isStopped = true;
    producer.close(Duration.ZERO);
  }
}
