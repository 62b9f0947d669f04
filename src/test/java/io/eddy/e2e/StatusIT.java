package io.eddy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eddy.embedded.EmbeddedBroker;
import io.eddy.forecast.Forecast;
import io.eddy.kafka.Forecaster;
import io.eddy.kafka.config.Deployment;
import io.eddy.kafka.config.StreamPoliciesBuilder;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.config.StreamSettingsBuilder;
import io.eddy.kafka.config.ThreadSettings;
import io.eddy.kafka.event.EventEncoder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.record.InstanceStatus;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.rocksdb.RocksDbSettings;
import io.eddy.kafka.status.StatusBoard;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.ModelLimits;
import io.eddy.rollout.RollbackRules;
import io.eddy.rollout.Scope;
import io.eddy.series.Observation;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.ObjectName;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The status that an instance reports. */
@Timeout(180)
final class StatusIT {
  private static final int SERIES = 20;
  private static final byte[] FIRST = Models.file(Models.specification(CellKind.GRU, 8, 24), 1);
  private static final byte[] SECOND = Models.file(Models.specification(CellKind.GRU, 8, 24), 2);
  private static final byte[] LARGE = Models.file(Models.specification(CellKind.LSTM, 32, 24), 3);

  @TempDir Path folder;

  @Test
  void reportsVersionsAndSeriesCounts() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
      try (TopicAdmin admin = new TopicAdmin(client)) {
        admin.create(TopicNames.DEFAULT, 2);
      }
      ModelRegistry registry = new ModelRegistry(client, TopicNames.DEFAULT);
      List.of(FIRST, SECOND, LARGE).forEach(file -> registry.publisher().publish("m", file));
      registry.rollout().activate("m", ModelVersion.of(FIRST), null, "");
      Scope plant = new Scope.Prefix("plant-7/");
      registry.rollout().activate("m", ModelVersion.of(SECOND), "", Terms.serving(plant, null));
      registry.rollout().activate("m", ModelVersion.of(LARGE), null, "");
      try (Forecaster forecaster = start(client)) {
        send(client, 0);
        awaitSeries(client, Map.of(served(FIRST, 1), 15L, served(SECOND, 2), 5L));

        InstanceStatus status = board(client).instances().get(0);
        assertThat(status.versions().loaded())
            .containsExactlyInAnyOrder(ModelVersion.of(FIRST), ModelVersion.of(SECOND));
        assertThat(status.versions().refused())
            .containsOnlyKeys(ModelVersion.of(LARGE))
            .containsValue(
                "the file has %d bytes, models.max-bytes is 20000".formatted(LARGE.length));
        assertThat(beans()).hasSize(1);
        ObjectName bean = beans().iterator().next();
        assertThat(ManagementFactory.getPlatformMBeanServer().getAttribute(bean, "Rejections"))
            .isEqualTo(1L);

        registry.rollout().activate("m", ModelVersion.of(SECOND), null, "");
        awaitSeriesOfEpoch(client, 4, 15);
        forecaster.requireAlive();
      }
      assertThat(board(client).instances()).isEmpty();
      assertThat(beans()).isEmpty();
    }
  }

  private static Set<ObjectName> beans() throws Exception {
    return ManagementFactory.getPlatformMBeanServer()
        .queryNames(new ObjectName("io.eddy:type=Models,*"), null);
  }

  private static void awaitSeries(Map<String, Object> client, Map<Forecast.Served, Long> expected) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(board(client).series()).isEqualTo(expected));
  }

  /** Sends hours until a number of series has migrated. */
  private static void awaitSeriesOfEpoch(Map<String, Object> client, long epoch, long series) {
    int[] hour = {1};
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              send(client, hour[0]++);
              assertThat(board(client).series()).containsEntry(served(SECOND, epoch), series);
            });
  }

  private static StatusBoard board(Map<String, Object> client) {
    return StatusBoard.read(client, TopicNames.DEFAULT.status(), "status", "m");
  }

  private static Forecast.Served served(byte[] file, long epoch) {
    return new Forecast.Served(ModelVersion.of(file), epoch);
  }

  private Forecaster start(Map<String, Object> client) {
    StreamSettings settings =
        StreamSettingsBuilder.settings("m")
            .policies(
                StreamPoliciesBuilder.policies()
                    .modelLimits(new ModelLimits(20_000, List.of()))
                    .build())
            .build();
    Forecaster forecaster =
        new Forecaster(
            settings,
            new Deployment(
                "status",
                folder.resolve("state").toString(),
                ThreadSettings.of(2),
                client,
                RollbackRules.DEFAULT,
                RocksDbSettings.DEFAULT));
    forecaster.start();
    return forecaster;
  }

  private static void send(Map<String, Object> client, int hour) {
    EventEncoder encoder = new EventEncoder(EventFormat.JSON);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int series = 0; series < SERIES; series++) {
        String name = (series % 4 == 0 ? "plant-7/" : "plant-8/") + series;
        long at = (100 + hour) * Models.INTERVAL.toMillis();
        var unused =
            producer.send(
                new ProducerRecord<>(
                    TopicNames.DEFAULT.events(),
                    null,
                    at,
                    name.getBytes(StandardCharsets.UTF_8),
                    encoder.encode(new Observation(name, at, series + hour))));
      }
    }
  }
}
