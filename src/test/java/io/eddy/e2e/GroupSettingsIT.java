package io.eddy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eddy.embedded.EmbeddedBroker;
import io.eddy.kafka.Forecaster;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.config.SettingSources;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Settings of Kafka's groups: their protocol, and static members. */
@Timeout(180)
class GroupSettingsIT {
  private static final byte[] MODEL = Models.file(Models.specification(CellKind.GRU, 8, 24), 1);

  @TempDir Path folder;
  private final EmbeddedBroker broker = EmbeddedBroker.start();
  private final Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());

  @BeforeEach
  void activate() {
    try (TopicAdmin admin = new TopicAdmin(client)) {
      admin.create(TopicNames.DEFAULT, 2);
    }
    ModelRegistry registry = new ModelRegistry(client, TopicNames.DEFAULT);
    registry.publisher().publish("sensors", MODEL);
    registry.rollout().activate("sensors", ModelVersion.of(MODEL), null, "");
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void streamsProtocolServes() throws Exception {
    try (Forecaster forecaster = start("kafka.group.protocol=streams");
        Admin admin = Admin.create(client)) {
      awaitForecasts(forecaster);

      assertThat(admin.listGroups().all().get())
          .filteredOn(group -> group.groupId().equals("eddy"))
          .singleElement()
          .satisfies(group -> assertThat(group.type()).isEqualTo(Optional.of(GroupType.STREAMS)));
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> members(admin, "eddy-promotion").size() == 1);
    }
  }

  @Test
  void membersHaveDistinctInstanceIds() throws Exception {
    try (Forecaster forecaster = start("kafka.group.instance.id=pod-0");
        Admin admin = Admin.create(client)) {
      awaitForecasts(forecaster);

      assertThat(members(admin, "eddy"))
          .extracting(member -> member.groupInstanceId().orElse(""))
          .containsExactlyInAnyOrder("pod-0-1", "pod-0-2");
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThat(members(admin, "eddy-promotion"))
                      .extracting(member -> member.groupInstanceId().orElse(""))
                      .containsExactly("pod-0-promotion"));
    }
    try (Admin admin = Admin.create(client)) {
      // A static member keeps its partitions while its process restarts.
      assertThat(members(admin, "eddy")).hasSize(2);
    }
  }

  private static Collection<MemberDescription> members(Admin admin, String group) throws Exception {
    return Objects.requireNonNull(
            admin.describeConsumerGroups(List.of(group)).all().get().get(group))
        .members();
  }

  private Forecaster start(String setting) {
    EddyConfig config =
        new SettingSources()
            .assignments(
                List.of(
                    setting,
                    "bootstrap.servers=" + broker.bootstrapServers(),
                    "state.dir=" + folder.resolve("state")))
            .load();
    Forecaster forecaster = new Forecaster(config.stream(), config.deployment());
    forecaster.start();
    return forecaster;
  }

  private void awaitForecasts(Forecaster forecaster) {
    List<ProducerRecord<byte[], byte[]>> events = new ArrayList<>();
    for (int hour = 0; hour < 60; hour++) {
      for (String series : List.of("a", "b", "c", "d")) {
        long at = hour * Models.INTERVAL.toMillis();
        events.add(
            new ProducerRecord<>(
                TopicNames.DEFAULT.events(),
                null,
                at,
                series.getBytes(StandardCharsets.UTF_8),
                "{\"timestamp\":\"%s\",\"value\":%d}"
                    .formatted(Instant.ofEpochMilli(at), hour)
                    .getBytes(StandardCharsets.UTF_8)));
      }
    }
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (ProducerRecord<byte[], byte[]> event : events) {
        var unused = producer.send(event);
      }
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              forecaster.requireAlive();
              AtomicLong count = new AtomicLong();
              new TopicReader(client)
                  .read(TopicNames.DEFAULT.forecasts(), record -> count.incrementAndGet());
              assertThat(count.get()).isGreaterThan(100);
            });
  }
}
