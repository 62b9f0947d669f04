package io.eddy.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.nio.file.Path;
import java.time.Duration;
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

/** One of two instances with the default time-outs is killed. */
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

  @Test
  void otherInstanceTakesOver() throws Exception {
    try (RunningEddy eddy = new RunningEddy(folder, TopicNames.DEFAULT, PARTITIONS, "m")) {
      eddy.activate(MODEL);
      Map<String, String> defaults =
          Map.of(
              "kafka.session.timeout.ms", "10000",
              "kafka.heartbeat.interval.ms", "3000",
              "kafka.transaction.timeout.ms", "10000");
      try (ServeProcess one = eddy.serve("one", eddy.config("one", defaults));
          ServeProcess two = eddy.serve("two", eddy.config("two", defaults))) {
        RunningEddy.until(() -> hasTwoPartitions(eddy, "one") && hasTwoPartitions(eddy, "two"));
        send(eddy);
        RunningEddy.until(() -> forecastPartitions(eddy, START_MS).size() == PARTITIONS);

        long killedNs = System.nanoTime();
        one.kill();
        send(eddy);
        long latest = START_MS + (hour - 1) * Models.INTERVAL.toMillis();
        RunningEddy.until(() -> forecastPartitions(eddy, latest).size() == PARTITIONS);
        Duration interruption = Duration.ofNanos(System.nanoTime() - killedNs);

        System.out.printf("forecast again after %.1f s%n", interruption.toMillis() / 1000.0);
        assertThat(interruption).isLessThan(MAX_INTERRUPTION);
        assertThat(two.stop()).isZero();
      }
    }
  }

  private static boolean hasTwoPartitions(RunningEddy eddy, String instance) throws Exception {
    String log = ServeProcess.output(eddy.log(instance));
    int last = log.lastIndexOf("assigned partitions of sensor-events: [");
    return last >= 0 && log.substring(last).lines().findFirst().orElse("").split(",").length == 2;
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
