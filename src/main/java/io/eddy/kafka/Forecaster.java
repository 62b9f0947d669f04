package io.eddy.kafka;

import io.eddy.kafka.config.Deployment;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.promotion.PromotionController;
import io.eddy.kafka.record.InstanceStatus;
import io.eddy.kafka.registry.ModelCatalog;
import io.eddy.kafka.schema.SchemaRegistryException;
import io.eddy.kafka.status.MBeanRegistration;
import io.eddy.kafka.status.StatusReporter;
import io.eddy.kafka.stream.ForecastTopology;
import io.eddy.kafka.topics.BrokerException;
import io.eddy.kafka.topics.RecordTimestamp;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topology at work: started, watched, stopped. */
public final class Forecaster implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Forecaster.class);
  private static final Duration GRACE = Duration.ofSeconds(20);

  private final KafkaStreams streams;
  private final StatusReporter status;
  private final PromotionController judge;
  private final List<MBeanRegistration> beans;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  public Forecaster(StreamSettings settings, Deployment deployment) {
    ModelCatalog catalog = new ModelCatalog(settings.covariates(), settings.modelLimits());
    streams = new KafkaStreams(ForecastTopology.build(settings, catalog), properties(deployment));
    InstanceStatus.Id id =
        new InstanceStatus.Id(deployment.applicationId(), instance(), settings.model());
    status =
        new StatusReporter(streams, catalog, id, settings.topics().status(), deployment.client());
    judge = new PromotionController(settings, deployment, catalog, id, InstantSource.system());
    beans =
        List.of(
            new MBeanRegistration("Models", catalog, id),
            new MBeanRegistration("Judge", judge, id));
    streams.setUncaughtExceptionHandler(
        error -> {
          Throwable root = root(error);
          if (root instanceof SchemaRegistryException) {
            log.error("the forecaster stops: {}", root.getMessage());
          } else {
            log.error("a stream thread failed; the forecaster stops", error);
          }
          ended.completeExceptionally(error);
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    streams.setStateListener(
        (now, before) -> {
          log.info("forecaster is {}", now);
          if (now == KafkaStreams.State.NOT_RUNNING) {
            ended.complete(null);
          } else if (now == KafkaStreams.State.ERROR) {
            ended.completeExceptionally(new IllegalStateException("the forecaster failed"));
          }
        });
  }

  /** Host, process, and what tells two of one process apart. */
  private static String instance() {
    String host = System.getenv().getOrDefault("HOSTNAME", "localhost");
    return "%s-%d-%s"
        .formatted(
            host, ProcessHandle.current().pid(), UUID.randomUUID().toString().substring(0, 8));
  }

  public void start() {
    streams.start();
    status.start();
    judge.start();
  }

  /**
   * Makes sure that it still runs.
   *
   * @throws BrokerException with the cause where it failed
   */
  public void requireAlive() {
    if (ended.isDone()) {
      Throwable cause = ended.handle((nothing, error) -> error).join();
      throw new BrokerException(
          "the forecaster failed: " + (cause == null ? "it stopped by itself" : said(root(cause))),
          Objects.requireNonNullElseGet(cause, IllegalStateException::new));
    }
  }

  /** What all the others were thrown for. */
  private static Throwable root(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null && !(root instanceof SchemaRegistryException)) {
      root = root.getCause();
    }
    return root;
  }

  /** The message of an error, in one line. */
  private static String said(Throwable error) {
    String message = error.getMessage();
    return message == null ? error.toString() : message.lines().findFirst().orElse("");
  }

  /** Commits, leaves the group and stops, within 20 seconds. */
  @Override
  public void close() {
    status.close();
    judge.close();
    beans.forEach(MBeanRegistration::close);
    CloseOptions options =
        CloseOptions.timeout(GRACE)
            .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
    if (!streams.close(options)) {
      log.warn("the forecaster did not stop within {} s", GRACE.toSeconds());
    }
  }

  private static Properties properties(Deployment deployment) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    // A transaction's second batch is turned away while its first is still being taken up, and is
    // sent again later: to wait for the first is sooner. Larger batches make up for it.
    settings.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION), 1);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 128 << 10);
    // An activation that was given up in the midst is none, whatever the guarantee.
    settings.put(
        StreamsConfig.globalConsumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG),
        "read_committed");
    settings.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
    // A sensor's clock may run ahead; a changelog that refused its time would fail the thread.
    settings.put(
        StreamsConfig.topicPrefix(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG),
        Long.toString(Long.MAX_VALUE));
    settings.putAll(deployment.client());
    settings.put(StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, RecordTimestamp.class);
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, deployment.applicationId());
    settings.put(StreamsConfig.STATE_DIR_CONFIG, deployment.stateDir());
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, deployment.threads());
    settings.putIfAbsent(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    Properties properties = new Properties();
    properties.putAll(settings);
    return properties;
  }
}
