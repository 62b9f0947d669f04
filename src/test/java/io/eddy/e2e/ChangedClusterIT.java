package io.eddy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Topics that are deleted, and state of another cluster or of topics that were created again. */
@Tag("slow")
@Timeout(600)
class ChangedClusterIT {
  private static final byte[] MODEL = Models.file(Models.specification(CellKind.GRU, 6, 12), 1);
  private static final long START_MS = 1_700_000_000_000L / 3_600_000 * 3_600_000;

  @TempDir Path folder;
  private int hour;

  @ParameterizedTest
  @ValueSource(strings = {"sensor-events", "forecasts"})
  void stopsIfTopicIsDeleted(String topic) throws Exception {
    try (RunningEddy eddy = new RunningEddy(folder, TopicNames.DEFAULT, 1, "m")) {
      eddy.activate(MODEL);
      Path config = eddy.config("one", Map.of());
      try (ServeProcess serve = eddy.serve("one", config)) {
        forecast(eddy, 5);
        delete(eddy, topic);

        assertThat(serve.exitCode(45, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(ServeProcess.output(eddy.log("one")))
            // Kafka Streams may notice first that an events topic is missing.
            .containsAnyOf(
                "topic %s was deleted while the forecaster was running".formatted(topic),
                "source topics were missing");
      }
      // The state is not locked, and states of the old events are not continued.
      try (TopicAdmin admin = new TopicAdmin(eddy.client())) {
        admin.create(TopicNames.DEFAULT, 1);
      }
      try (ServeProcess serve = eddy.serve("one", config)) {
        if (topic.equals("sensor-events")) {
          assertThat(serve.exitCode(45, TimeUnit.SECONDS)).isEqualTo(1);
          assertThat(ServeProcess.output(eddy.log("one")))
              .contains("topic sensor-events was deleted and created again since the state");
        } else {
          forecast(eddy, 5);
          EddyProcess.Result verify = eddy.verify(config);
          assertThat(verify.exitCode()).isEqualTo(1);
          assertThat(new ObjectMapper().readTree(verify.output()).get("recreated"))
              .extracting(JsonNode::asText)
              .containsExactly("forecasts");
        }
      }
    }
  }

  @Test
  void rejectsStateOfAnotherCluster() throws Exception {
    try (RunningEddy eddy = new RunningEddy(folder, TopicNames.DEFAULT, 1, "m")) {
      eddy.activate(MODEL);
      try (ServeProcess serve = eddy.serve("one", eddy.config("one", Map.of()))) {
        forecast(eddy, 5);
        assertThat(serve.stop()).isZero();
      }
    }
    try (RunningEddy other = new RunningEddy(folder, TopicNames.DEFAULT, 1, "m")) {
      other.activate(MODEL);
      Path config = other.config("one", Map.of());
      try (ServeProcess serve = other.serve("one", config)) {
        assertThat(serve.exitCode(45, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(ServeProcess.output(other.log("one")))
            .contains("is of another cluster", "`eddy reset --local");
      }
      EddyProcess.Result reset =
          EddyProcess.run(
              other.log("reset"), "reset", "--local", "--yes", "--config", config.toString());
      assertThat(reset.exitCode()).as(reset.output()).isZero();
      try (ServeProcess serve = other.serve("one", config)) {
        forecast(other, 5);
        assertThat(serve.stop()).isZero();
      }
    }
  }

  @Test
  void rebuildsDeletedState() throws Exception {
    try (RunningEddy eddy = new RunningEddy(folder, TopicNames.DEFAULT, 1, "m")) {
      eddy.activate(MODEL);
      Path config = eddy.config("one", Map.of());
      try (ServeProcess serve = eddy.serve("one", config)) {
        forecast(eddy, 15);
        assertThat(serve.stop()).isZero();
      }
      for (String store : List.of("state", "window", "shadow")) {
        delete(eddy, "eddy-series-" + store + "-changelog");
      }
      try (ServeProcess serve = eddy.serve("one", config)) {
        assertThat(serve.exitCode(60, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(ServeProcess.output(eddy.log("one"))).contains("was deleted: run `eddy rebuild");
      }

      EddyProcess.Result rebuild =
          EddyProcess.run(eddy.log("rebuild"), "rebuild", "--yes", "--config", config.toString());
      assertThat(rebuild.output())
          .contains("rebuilt the state of 1 series")
          .doesNotContain("differ");
      try (ServeProcess serve = eddy.serve("one", config)) {
        forecast(eddy, 15);
        assertThat(serve.stop()).isZero();
      }
      assertThat(eddy.verifyConsistent(config).get("compared").asInt()).isEqualTo(30);
    }
  }

  @Test
  void waitsForDeletedForecastsTopicIfSet() throws Exception {
    try (RunningEddy eddy = new RunningEddy(folder, TopicNames.DEFAULT, 1, "m")) {
      eddy.activate(MODEL);
      Path config = eddy.config("one", Map.of("topics.deleted", "wait"));
      try (ServeProcess serve = eddy.serve("one", config)) {
        forecast(eddy, 5);
        delete(eddy, "forecasts");
        RunningEddy.until(
            () ->
                ServeProcess.output(eddy.log("one")).split("topic forecasts was deleted", -1).length
                    > 6);
        assertThat(serve.isAlive()).isTrue();
        try (TopicAdmin admin = new TopicAdmin(eddy.client())) {
          admin.create(TopicNames.DEFAULT, 1);
        }
        forecast(eddy, 5);
        assertThat(serve.stop()).isZero();
      }
    }
  }

  /** Retention deletes events that were not processed. */
  @Test
  void reportsEventsThatExpired() throws Exception {
    try (RunningEddy eddy = new RunningEddy(folder, TopicNames.DEFAULT, 1, "m")) {
      eddy.activate(MODEL);
      Path config = eddy.config("one", Map.of());
      try (ServeProcess serve = eddy.serve("one", config)) {
        forecast(eddy, 15);
        assertThat(serve.stop()).isZero();
      }
      send(eddy, 20);
      try (Admin admin = Admin.create(eddy.client())) {
        admin
            .deleteRecords(
                Map.of(
                    new TopicPartition(TopicNames.DEFAULT.events(), 0),
                    RecordsToDelete.beforeOffset(28)))
            .all()
            .get();
      }
      try (ServeProcess serve = eddy.serve("one", config)) {
        RunningEddy.until(() -> eddy.read(TopicNames.DEFAULT.forecasts()).size() >= 22);
        assertThat(ServeProcess.output(eddy.log("one")))
            .contains("up to 13 events of sensor-events-0 were deleted")
            .contains("offsets 15 to 27");
        assertThat(serve.stop()).isZero();
      }
      assertThat(eddy.verifyConsistent(config).get("expired").asInt()).isEqualTo(13);
      assertThat(
              EddyProcess.run(eddy.log("verify"), "verify", "--config", config.toString()).output())
          .contains("partition 0: the events 15 to 27 were deleted");
    }
  }

  private static void delete(RunningEddy eddy, String topic) throws Exception {
    try (Admin admin = Admin.create(eddy.client())) {
      admin.deleteTopics(List.of(topic)).all().get();
    }
  }

  /** Sends events and waits until there are as many more forecasts. */
  private void forecast(RunningEddy eddy, int count) throws Exception {
    int before = eddy.read(TopicNames.DEFAULT.forecasts()).size();
    send(eddy, count);
    RunningEddy.until(() -> eddy.read(TopicNames.DEFAULT.forecasts()).size() >= before + count);
  }

  private void send(RunningEddy eddy, int count) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(eddy.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int end = hour + count; hour < end; hour++) {
        long at = START_MS + hour * Models.INTERVAL.toMillis();
        producer
            .send(
                new ProducerRecord<>(
                    TopicNames.DEFAULT.events(),
                    "a".getBytes(StandardCharsets.UTF_8),
                    "{\"timestamp\":%d,\"value\":%d}"
                        .formatted(at, hour)
                        .getBytes(StandardCharsets.UTF_8)))
            .get();
      }
    }
  }
}
