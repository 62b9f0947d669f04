package io.eddy.kafka.query;

import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.record.ForecastCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the committed forecasts of the watched series. One consumer reads the partitions of these
 * series, from the end; it exists while any series is watched. Records of other series are skipped
 * by their key, without decoding. If a series has several forecasts within {@link #PERIOD}, only
 * the newest is decoded. Thread-safe.
 */
public final class ForecastFeed implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ForecastFeed.class);
  private static final Duration POLL = Duration.ofMillis(500);

  /** Minimum time between two forecasts of a series. */
  private static final Duration PERIOD = Duration.ofMillis(500);

  /** Fewer and larger fetches cost less. */
  private static final int FETCH_BYTES = 512 << 10;

  private static final Duration MAX_FETCH_WAIT = Duration.ofMillis(200);

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration RETRY_BACKOFF = Duration.ofSeconds(2);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final StreamSettings settings;
  private final Map<String, Object> client;
  private final String clientId;
  private final Map<Bytes, Watched> watched = new ConcurrentHashMap<>();
  private @Nullable Reader reader;
  private boolean isClosed;

  /** A watched series. */
  private static final class Watched {
    final String series;
    final TopicPartition partition;
    final Consumer<CommittedForecast> listener;

    /** Completed once the consumer reads the partition. */
    final CompletableFuture<Void> positioned = new CompletableFuture<>();

    /** The newest record that was not passed on; used by the reader's thread alone. */
    @Nullable ConsumerRecord<byte[], ByteBuffer> latest;

    Watched(String series, TopicPartition partition, Consumer<CommittedForecast> listener) {
      this.series = series;
      this.partition = partition;
      this.listener = listener;
    }
  }

  /**
   * Creates a feed.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   */
  public ForecastFeed(StreamSettings settings, Map<String, Object> client, String clientId) {
    this.settings = settings;
    this.client = client;
    this.clientId = clientId;
  }

  /**
   * Watches a series, which must not be watched yet.
   *
   * @param listener receives the forecasts committed from now on, on the feed's thread; must not
   *     block
   * @return completed once the feed follows the partition: later commits reach the listener
   */
  public synchronized CompletableFuture<Void> watch(
      String series, int partition, Consumer<CommittedForecast> listener) {
    if (isClosed) {
      throw new StateUnavailableException("the forecaster is stopping");
    }
    Watched added =
        new Watched(series, new TopicPartition(settings.topics().forecasts(), partition), listener);
    if (watched.putIfAbsent(key(series), added) != null) {
      throw new IllegalStateException("series is already watched: " + series);
    }
    if (reader == null) {
      reader = new Reader();
      reader.start();
    } else {
      reader.wakeup();
    }
    return added.positioned;
  }

  /** Ends watching a series; the last one stops the consumer. */
  public synchronized void unwatch(String series) {
    watched.remove(key(series));
    if (watched.isEmpty() && reader != null) {
      reader.stop();
      reader = null;
    } else if (reader != null) {
      reader.wakeup();
    }
  }

  private static Bytes key(String series) {
    return Bytes.wrap(series.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    Reader last;
    synchronized (this) {
      isClosed = true;
      watched.clear();
      last = reader;
      reader = null;
    }
    if (last != null) {
      last.stop();
      last.join();
    }
  }

  /** Reads the partitions of the watched series in a thread of its own. */
  private final class Reader implements Runnable {
    private final KafkaConsumer<byte[], ByteBuffer> consumer = consumer();
    private final ForecastCodec codec =
        new ForecastCodec(settings.output(), settings.topics().forecasts());
    private final Thread thread = new Thread(this, "eddy-forecast-feed");
    private volatile boolean isStopped;
    private boolean hasPending;
    private long passedOnNs = System.nanoTime() - PERIOD.toNanos();

    private KafkaConsumer<byte[], ByteBuffer> consumer() {
      Map<String, Object> consumerSettings =
          new HashMap<>(CommittedRecords.settings(client, clientId));
      consumerSettings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
      consumerSettings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, FETCH_BYTES);
      consumerSettings.put(
          ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) MAX_FETCH_WAIT.toMillis());
      consumerSettings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5000);
      return new KafkaConsumer<>(
          consumerSettings, new ByteArrayDeserializer(), new ByteBufferDeserializer());
    }

    void start() {
      thread.setDaemon(true);
      thread.start();
    }

    void stop() {
      isStopped = true;
      consumer.wakeup();
    }

    void wakeup() {
      consumer.wakeup();
    }

    void join() {
      try {
        thread.join(CLOSE_TIMEOUT.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void run() {
      try (consumer) {
        while (!isStopped) {
          try {
            follow();
            consumer.poll(hasPending ? MAX_FETCH_WAIT : POLL).forEach(this::keep);
            if (hasPending && System.nanoTime() - passedOnNs > PERIOD.toNanos()) {
              passOn();
            }
          } catch (WakeupException e) {
            // The set of watched series has changed.
          } catch (InterruptException e) {
            return;
          } catch (KafkaException e) {
            log.warn("cannot read the forecasts, retrying: {}", e.getMessage());
            backOff();
          }
        }
      } catch (KafkaException e) {
        log.warn("cannot close the consumer of the forecasts: {}", e.getMessage());
      }
    }

    /** Assigns the partitions of the watched series; those that are new begin at their end. */
    private void follow() {
      List<Watched> current = List.copyOf(watched.values());
      Set<TopicPartition> wanted = new HashSet<>();
      current.forEach(each -> wanted.add(each.partition));
      Set<TopicPartition> assigned = consumer.assignment();
      if (!assigned.equals(wanted)) {
        Set<TopicPartition> added = new HashSet<>(wanted);
        added.removeAll(assigned);
        consumer.assign(wanted);
        consumer.seekToEnd(added);
      }
      for (Watched each : current) {
        if (!each.positioned.isDone()) {
          var unused = consumer.position(each.partition, TIMEOUT);
          each.positioned.complete(null);
        }
      }
    }

    private void keep(ConsumerRecord<byte[], ByteBuffer> record) {
      if (record.key() != null && record.value() != null) {
        Watched target = watched.get(Bytes.wrap(record.key()));
        if (target != null) {
          target.latest = record;
          hasPending = true;
        }
      }
    }

    /** Passes the newest forecast of each series to its listener. */
    private void passOn() {
      passedOnNs = System.nanoTime();
      hasPending = false;
      for (Watched target : watched.values()) {
        ConsumerRecord<byte[], ByteBuffer> record = target.latest;
        if (record != null) {
          target.latest = null;
          passOn(target, record);
        }
      }
    }

    private void passOn(Watched target, ConsumerRecord<byte[], ByteBuffer> record) {
      byte[] value = new byte[record.value().remaining()];
      record.value().duplicate().get(value);
      try {
        CommittedForecast forecast =
            ForecastHistory.decode(codec, settings.model(), target.series, value, record.offset());
        if (forecast != null) {
          target.listener.accept(forecast);
        }
      } catch (StateUnavailableException e) {
        log.warn("cannot decode a forecast: {}", e.getMessage());
      }
    }

    private void backOff() {
      try {
        Thread.sleep(RETRY_BACKOFF.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
