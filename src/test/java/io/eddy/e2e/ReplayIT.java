package io.eddy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eddy.embedded.EmbeddedBroker;
import io.eddy.kafka.Forecaster;
import io.eddy.kafka.config.Deployment;
import io.eddy.kafka.config.StreamSettingsBuilder;
import io.eddy.kafka.config.ThreadSettings;
import io.eddy.kafka.event.EventEncoder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.rocksdb.RocksDbSettings;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.RollbackRules;
import io.eddy.rollout.Scope;
import io.eddy.series.Observation;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processing the same events again under another application id. */
@Timeout(180)
final class ReplayIT {
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final int SERIES = 12;
  private static final int HOURS = 90;
  private static final byte[] FIRST = Models.file(Models.specification(CellKind.GRU, 8, 24), 1);
  private static final byte[] SECOND = Models.file(Models.specification(CellKind.LSTM, 8, 24), 2);
  private static final byte[] THIRD =
      Models.file(Models.specification(CellKind.RNN_TANH, 12, 24), 3);
  private static final Scope PLANT = new Scope.Prefix("plant-7/");
  private static final Scope HALF = Scope.Share.ofPercent(BigDecimal.valueOf(50));

  @TempDir Path folder;

  @Test
  void replayMigratesAtSameEventsWithSameBits() {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
      TopicNames first = createTopics(client, "first");
      ModelRegistry registry = new ModelRegistry(client, first);
      for (byte[] file : List.of(FIRST, SECOND, THIRD)) {
        registry.publisher().publish("m", file);
      }
      registry.rollout().activate("m", ModelVersion.of(FIRST), null, "");
      try (Forecaster forecaster = start(client, "first", first)) {
        send(client, first, 0, 25);
        awaitForecasts(client, first, 25);
        forecaster.requireAlive();
      }
      activateInAdvance(registry);
      try (Forecaster forecaster = start(client, "first", first)) {
        send(client, first, 25, HOURS);
        awaitForecasts(client, first, HOURS);
        forecaster.requireAlive();
      }

      TopicNames second = createTopics(client, "second");
      try (Forecaster forecaster = start(client, "second", second)) {
        awaitForecasts(client, second, HOURS);
        forecaster.requireAlive();
      }

      Map<String, PublishedForecast> once = read(client, first);
      Map<String, PublishedForecast> again = read(client, second);
      assertThat(once).hasSize(SERIES * HOURS).hasSameSizeAs(again);
      once.forEach(
          (event, forecast) -> assertSame(forecast, Objects.requireNonNull(again.get(event))));
      for (int series = 0; series < SERIES; series++) {
        assertThat(epochs(once, name(series))).isEqualTo(expectedEpochs(name(series)));
      }
    }
  }

  /** Writes the activations before the first event that they apply to. */
  private static void activateInAdvance(ModelRegistry registry) {
    registry.rollout().activate("m", ModelVersion.of(SECOND), "", Terms.serving(HALF, at(40)));
    registry.rollout().activate("m", ModelVersion.of(THIRD), "", Terms.serving(PLANT, at(50)));
    registry.rollout().end("m", Terms.ending(PLANT, Role.SERVE, at(70)), "");
    registry.rollout().activate("m", ModelVersion.of(THIRD), at(80), "");
  }

  private static List<Long> expectedEpochs(String series) {
    boolean isHalf = HALF.contains(series);
    boolean isPlant = PLANT.contains(series);
    List<Long> epochs = new ArrayList<>();
    for (int hour = 0; hour < HOURS; hour++) {
      long wide = isHalf && hour >= 40 ? 2 : hour >= 80 ? 5 : 1;
      epochs.add(isPlant && hour >= 50 && hour < 70 ? 3 : wide);
    }
    return epochs;
  }

  private static List<Long> epochs(Map<String, PublishedForecast> forecasts, String series) {
    Map<Long, Long> epochs = new TreeMap<>();
    forecasts.values().stream()
        .map(published -> published.forecast().origin())
        .filter(origin -> origin.series().equals(series))
        .forEach(origin -> epochs.put(origin.timestampMs(), origin.served().epoch()));
    return List.copyOf(epochs.values());
  }

  private static void assertSame(PublishedForecast first, PublishedForecast second) {
    assertThat(second.forecast().origin()).isEqualTo(first.forecast().origin());
    assertThat(bits(second)).isEqualTo(bits(first));
  }

  private static long[] bits(PublishedForecast published) {
    double[] values = published.forecast().values();
    long[] bits = new long[values.length];
    Arrays.setAll(bits, i -> Double.doubleToRawLongBits(values[i]));
    return bits;
  }

  private static String name(int series) {
    return (series % 3 == 0 ? "plant-7/sensor-" : "plant-8/sensor-") + series;
  }

  private static long at(int hour) {
    return (100 + hour) * HOUR;
  }

  /** Returns topics that share events, models and activations for all prefixes. */
  private static TopicNames createTopics(Map<String, Object> client, String prefix) {
    TopicNames names =
        new TopicNames(
            "events",
            prefix + "-forecasts",
            prefix + "-scores",
            "models",
            "activations",
            prefix + "-dead",
            "model-status");
    try (TopicAdmin admin = new TopicAdmin(client)) {
      admin.create(names, 2);
    }
    return names;
  }

  private Forecaster start(Map<String, Object> client, String id, TopicNames topics) {
    Forecaster forecaster =
        new Forecaster(
            StreamSettingsBuilder.settings("m").topics(topics).build(),
            new Deployment(
                id,
                folder.resolve(id).toString(),
                ThreadSettings.of(1),
                client,
                RollbackRules.DEFAULT,
                RocksDbSettings.DEFAULT));
    forecaster.start();
    return forecaster;
  }

  private static void send(Map<String, Object> client, TopicNames topics, int from, int to) {
    EventEncoder encoder = new EventEncoder(EventFormat.JSON);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int hour = from; hour < to; hour++) {
        for (int series = 0; series < SERIES; series++) {
          Observation observation =
              new Observation(name(series), at(hour), series + StrictMath.sin(hour / 4.0));
          var unused =
              producer.send(
                  new ProducerRecord<>(
                      topics.events(),
                      null,
                      observation.timestampMs(),
                      observation.series().getBytes(StandardCharsets.UTF_8),
                      encoder.encode(observation)));
        }
      }
    }
  }

  private static void awaitForecasts(Map<String, Object> client, TopicNames topics, int hours) {
    await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> read(client, topics).size() == hours * SERIES);
  }

  /** Returns the forecasts by their event; every event has at most one. */
  private static Map<String, PublishedForecast> read(
      Map<String, Object> client, TopicNames topics) {
    ForecastCodec codec = new ForecastCodec();
    Map<String, PublishedForecast> forecasts = new HashMap<>();
    new TopicReader(client)
        .read(
            topics.forecasts(),
            record -> {
              PublishedForecast forecast =
                  codec.decode(new String(record.key(), StandardCharsets.UTF_8), record.value());
              assertThat(forecasts.put(forecast.source().toString(), forecast)).isNull();
            });
    return forecasts;
  }
}
