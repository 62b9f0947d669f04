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
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Sends events at a constant rate, every series in turn, until it is stopped. */
final class EventLoad {
  private static final long HOUR_MS = Duration.ofHours(1).toMillis();
  private static final long FIRST_STEP = 400_000;

  /** Steps after which a withheld event is sent. */
  private static final int LATE_STEPS = 3;

  private final String topic;
  private final Ledger ledger;
  private final CampaignSettings settings;
  private final @Nullable AvroEvents avro;
  private final Map<Long, Observation> withheld = new HashMap<>();
  private final KafkaProducer<byte[], byte[]> producer;
  private final EventEncoder encoder = new EventEncoder(EventFormat.JSON);
  private final Thread thread = new Thread(this::run, "campaign-load");
  private volatile boolean isStopped;
  private final AtomicLong sent = new AtomicLong();

  /**
   * Creates a load.
   *
   * @param avro encodes the events in Avro; null for JSON
   */
  EventLoad(
      Map<String, Object> client,
      String topic,
      Ledger ledger,
      CampaignSettings settings,
      @Nullable AvroEvents avro) {
    this.topic = topic;
    this.ledger = ledger;
    this.settings = settings;
    this.avro = avro;
    Map<String, Object> properties = new HashMap<>(client);
    properties.put("acks", "all");
    properties.put("enable.idempotence", true);
    properties.put("linger.ms", 5);
    // An event waits for its brokers as long as an outage may last.
    properties.put("max.block.ms", TimeUnit.HOURS.toMillis(1));
    properties.put("delivery.timeout.ms", (int) TimeUnit.HOURS.toMillis(1));
    producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  long sent() {
    return sent.get();
  }

  private void run() {
    long begin = System.nanoTime();
    long periodNs = TimeUnit.SECONDS.toNanos(1) / settings.eventsPerSecond();
    Random random = new Random(1);
    for (long index = 0; !isStopped; index++) {
      next(index, random);
      long wait = begin + (index + 1) * periodNs - System.nanoTime();
      if (wait > 0) {
        LockSupport.parkNanos(wait);
      }
    }
  }

  /** Sends an event or withholds it, and sends the one that was withheld some steps ago. */
  private void next(long index, Random random) {
    long step = index / settings.series();
    Observation event =
        new Observation(
            "sensor-" + index % settings.series(),
            (FIRST_STEP + step) * HOUR_MS,
            20
                + 5 * StrictMath.sin(0.26 * step + index % settings.series())
                + random.nextGaussian());
    if (settings.latePercent() > 0 && step > 0 && random.nextInt(100) < settings.latePercent()) {
      withheld.put(index, event);
    } else {
      send(event, false);
    }
    Observation late = withheld.remove(index - (long) LATE_STEPS * settings.series());
    if (late != null) {
      send(late, true);
    }
  }

  private void send(Observation event, boolean isLate) {
    byte[] key = encoder.key(event);
    byte[] value = avro == null ? encoder.encode(event) : avro.encode(event);
    int hash = hash(key, value);
    long sentNs = System.nanoTime();
    sent.incrementAndGet();
    var unused =
        producer.send(
            new ProducerRecord<>(topic, null, event.timestampMs(), key, value),
            (metadata, failure) -> {
              if (failure != null) {
                ledger.failed();
                return;
              }
              if (isLate) {
                ledger.late(metadata.partition(), metadata.offset());
              }
              ledger.acknowledged(metadata.partition(), metadata.offset(), sentNs, hash);
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
