package io.eddy.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One of two instances is killed. */
@Tag("slow")
@Timeout(300)
class FailoverIT {
  private static final byte[] MODEL = Models.file(Models.specification(CellKind.GRU, 6, 12), 1);
  private static final long START_MS = 1_700_000_000_000L / 3_600_000 * 3_600_000;
  private static final int PARTITIONS = 4;

  /** The session time-out of 10 s, and the time of a rebalance on a machine under load. */
  private static final Duration MAX_INTERRUPTION = Duration.ofSeconds(60);

  @TempDir Path folder;
  private int hour;

  @ParameterizedTest
  @ValueSource(strings = {"0", "1"})
  void otherInstanceTakesOver(String standbys) throws Exception {
    try (RunningEddy eddy = new RunningEddy(folder, TopicNames.DEFAULT, PARTITIONS, "m")) {
      eddy.activate(MODEL);
      Map<String, String> settings = settings("kafka.num.standby.replicas", standbys);
      try (ServeProcess one = eddy.serve("one", eddy.config("one", settings));
          ServeProcess two = eddy.serve("two", eddy.config("two", settings))) {
        awaitForecasts(eddy);

        long killedNs = System.nanoTime();
        one.kill();

        assertForecastAgain(eddy, killedNs, standbys + " standby replicas");
        assertThat(two.stop()).isZero();
      }
    }
  }

  /** The other instance gets no partitions, since the killed one returns within the time-out. */
  @Test
  void restartedStaticMemberContinues() throws Exception {
    try (RunningEddy eddy = new RunningEddy(folder, TopicNames.DEFAULT, PARTITIONS, "m")) {
      eddy.activate(MODEL);
      // A busy machine may need more than the default of 10 s for the start.
      Path first = eddy.config("one", staticMember("one"));
      try (ServeProcess one = eddy.serve("one", first);
          ServeProcess two = eddy.serve("two", eddy.config("two", staticMember("two")))) {
        awaitForecasts(eddy);
        String assigned = ServeProcess.output(eddy.log("two"));

        long killedNs = System.nanoTime();
        one.kill();
        try (ServeProcess again = eddy.serve("one", first)) {
          assertForecastAgain(eddy, killedNs, "a static member");
          assertThat(lastAssignment(ServeProcess.output(eddy.log("two"))))
              .isEqualTo(lastAssignment(assigned));
          assertThat(again.stop()).isZero();
        }
        assertThat(two.stop()).isZero();
      }
    }
  }

  private static Map<String, String> staticMember(String id) {
    Map<String, String> settings = new HashMap<>(settings("kafka.group.instance.id", id));
    settings.put("kafka.session.timeout.ms", "60000");
    return settings;
  }

  /** Returns a setting, and the defaults, which are not those of the other tests. */
  private static Map<String, String> settings(String name, String value) {
    return Map.of(
        "kafka.session.timeout.ms",
        "10000",
        "kafka.heartbeat.interval.ms",
        "3000",
        "kafka.transaction.timeout.ms",
        "10000",
        name,
        value);
  }

  private void awaitForecasts(RunningEddy eddy) throws Exception {
    RunningEddy.until(() -> hasTwoPartitions(eddy, "one") && hasTwoPartitions(eddy, "two"));
    send(eddy);
    RunningEddy.until(() -> forecastPartitions(eddy, START_MS).size() == PARTITIONS);
  }

  private void assertForecastAgain(RunningEddy eddy, long killedNs, String name) throws Exception {
    send(eddy);
    long latest = START_MS + (hour - 1) * Models.INTERVAL.toMillis();
    RunningEddy.until(() -> forecastPartitions(eddy, latest).size() == PARTITIONS);
    Duration interruption = Duration.ofNanos(System.nanoTime() - killedNs);
    System.out.printf("%s: forecast again after %.1f s%n", name, interruption.toMillis() / 1000.0);
    assertThat(interruption).isLessThan(MAX_INTERRUPTION);
  }

  private static boolean hasTwoPartitions(RunningEddy eddy, String instance) throws Exception {
    return lastAssignment(ServeProcess.output(eddy.log(instance))).split(",", -1).length == 2;
  }

  /** Returns the last line of a log about assigned partitions; empty if there is none. */
  private static String lastAssignment(String log) {
    int last = log.lastIndexOf("assigned partitions of sensor-events: [");
    return last < 0 ? "" : log.substring(last).lines().findFirst().orElse("");
  }

  /** Returns the partitions with a forecast of events at a time. */
  private static Set<Integer> forecastPartitions(RunningEddy eddy, long timestampMs) {
    Set<Integer> partitions = new HashSet<>();
    for (ConsumerRecord<byte[], byte[]> forecast : eddy.read(TopicNames.DEFAULT.forecasts())) {
      if (forecast.timestamp() == timestampMs) {
        partitions.add(forecast.partition());
      }
    }
    return partitions;
  }

  /** Sends an event to every partition. */
  private void send(RunningEddy eddy) throws Exception {
    long at = START_MS + hour++ * Models.INTERVAL.toMillis();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(eddy.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        producer
            .send(
                new ProducerRecord<>(
                    TopicNames.DEFAULT.events(),
                    partition,
                    at,
                    ("s" + partition).getBytes(UTF_8),
                    "{\"timestamp\":%d,\"value\":%d}".formatted(at, hour).getBytes(UTF_8)))
            .get();
      }
    }
  }
}
