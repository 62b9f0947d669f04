package io.eddy.kafka.query;

import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.record.ForecastCodec;
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
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the committed forecasts of the watched series. One consumer reads the partitions of these
 * series, from the end; it exists while any series is watched. Records of other series are skipped
 * by their key, without decoding. Thread-safe.
 */
public final class ForecastFeed implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ForecastFeed.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration RETRY_BACKOFF = Duration.ofSeconds(2);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final StreamSettings settings;
  private final Map<String, Object> client;
  private final String clientId;
  private final Map<Bytes, Watched> watched = new ConcurrentHashMap<>();
  private @Nullable Reader reader;
  private boolean isClosed;

  /**
   * A watched series.
   *
   * @param positioned completed once the consumer reads the partition
   */
  private record Watched(
      String series,
      TopicPartition partition,
      Consumer<CommittedForecast> listener,
      CompletableFuture<Void> positioned) {}

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
   * @param listener receives every forecast committed from now on, on the feed's thread; must not
   *     block
   * @return completed once the feed follows the partition: later commits reach the listener
   */
  public synchronized CompletableFuture<Void> watch(
      String series, int partition, Consumer<CommittedForecast> listener) {
    if (isClosed) {
      throw new StateUnavailableException("the forecaster is stopping");
    }
    Watched added =
        new Watched(
            series,
            new TopicPartition(settings.topics().forecasts(), partition),
            listener,
            new CompletableFuture<>());
    if (watched.putIfAbsent(key(series), added) != null) {
      throw new IllegalStateException("series is already watched: " + series);
    }
    if (reader == null) {
      reader = new Reader();
      reader.start();
    } else {
      reader.wakeup();
    }
    return added.positioned();
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
    private final KafkaConsumer<byte[], byte[]> consumer = consumer();
    private final ForecastCodec codec =
        new ForecastCodec(settings.output(), settings.topics().forecasts());
    private final Thread thread = new Thread(this, "eddy-forecast-feed");
    private volatile boolean isStopped;

    private KafkaConsumer<byte[], byte[]> consumer() {
      Map<String, Object> consumerSettings =
          new HashMap<>(CommittedRecords.settings(client, clientId));
      consumerSettings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
      return new KafkaConsumer<>(
          consumerSettings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
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
            consumer.poll(POLL).forEach(this::dispatch);
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
      current.forEach(each -> wanted.add(each.partition()));
      Set<TopicPartition> assigned = consumer.assignment();
      if (!assigned.equals(wanted)) {
        Set<TopicPartition> added = new HashSet<>(wanted);
        added.removeAll(assigned);
        consumer.assign(wanted);
        consumer.seekToEnd(added);
      }
      for (Watched each : current) {
        if (!each.positioned().isDone()) {
          var unused = consumer.position(each.partition(), TIMEOUT);
          each.positioned().complete(null);
        }
      }
    }

    private void dispatch(ConsumerRecord<byte[], byte[]> record) {
      if (record.key() == null) {
        return;
      }
      Watched target = watched.get(Bytes.wrap(record.key()));
      if (target == null) {
        return;
      }
      try {
        CommittedForecast forecast =
            ForecastHistory.decode(codec, settings.model(), target.series(), record);
        if (forecast != null) {
          target.listener().accept(forecast);
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
