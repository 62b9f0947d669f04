package io.eddy.e2e;

import static io.eddy.e2e.RunningEddy.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eddy.forecast.anomaly.Anomaly;
import io.eddy.forecast.anomaly.AnomalyKind;
import io.eddy.forecast.anomaly.AnomalyScore.Change;
import io.eddy.forecast.anomaly.Episode;
import io.eddy.kafka.event.EventEncoder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.record.AnomalyCodec;
import io.eddy.kafka.record.OutputFormat;
import io.eddy.kafka.record.PublishedAnomaly;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.series.Observation;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Anomalies of 100 disturbed series and 100 that are left alone, by a forecaster that is killed
 * while it processes them.
 */
@Tag("slow")
class AnomaliesIT {
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final int DISTURBED = 100;
  private static final int SERIES = 2 * DISTURBED;
  private static final int STEPS = 2000;
  private static final int FIRST_DISTURBANCE = 1400;
  private static final int MAX_DELAY = 12;
  private static final double FALSE_ALARMS = 1;
  private static final double MONTHS = STEPS / 720.0;
  private static final byte[] MODEL = Models.file(Models.specification(CellKind.GRU, 6, 12), 1);
  private static final TopicNames TOPICS = TopicNames.DEFAULT.withAnomalies("anomalies");
  private static final List<AnomalyKind> KINDS =
      List.of(
          AnomalyKind.SPIKE,
          AnomalyKind.LEVEL_SHIFT,
          AnomalyKind.FLAT_LINE,
          AnomalyKind.MISSING_DATA,
          AnomalyKind.SILENCE);

  private final double[][] values = new double[SERIES][];

  @TempDir Path folder;
  private RunningEddy eddy;

  @BeforeEach
  void start() {
    for (int series = 0; series < SERIES; series++) {
      values[series] = values(series);
    }
    eddy = new RunningEddy(folder, TOPICS, 3, "m");
  }

  @AfterEach
  void stop() {
    eddy.close();
  }

  @Test
  void findsDisturbancesAcrossKill() throws Exception {
    eddy.activate(MODEL);
    Path config =
        eddy.config(
            "anomalies",
            Map.of(
                "application.id",
                "anomalies",
                "anomalies",
                "episodes",
                "anomalies.expected-false-alarms",
                Double.toString(FALSE_ALARMS)));

    long sent = send(0, STEPS / 2);
    try (ServeProcess serve = eddy.serve("serve", config)) {
      until(() -> eddy.read("forecasts").size() > SERIES);
      serve.kill();
    }
    sent += send(STEPS / 2, STEPS);
    long all = sent;
    try (ServeProcess serve = eddy.serve("serve", config)) {
      until(() -> eddy.read("forecasts").size() == all);
      assertThat(serve.stop()).as(ServeProcess.output(eddy.log("serve"))).isZero();
    }

    Map<String, Map<Long, Episode>> episodes = episodes();
    assertThat(falseAlarms(episodes)).isLessThan(1.5 * FALSE_ALARMS * MONTHS * DISTURBED);
    assertThat(share(episodes, false)).as("found").isGreaterThanOrEqualTo(0.95);
    assertThat(share(episodes, true)).as("found and named").isGreaterThanOrEqualTo(0.9);
    JsonNode report = eddy.verifyConsistent(config);
    assertThat(report.get("anomaliesExpected").asLong()).isEqualTo(eddy.read("anomalies").size());
  }

  private static String name(int series) {
    return "sensor-" + series;
  }

  private static AnomalyKind kind(int series) {
    return KINDS.get(series % KINDS.size());
  }

  private static int begin(int series) {
    return FIRST_DISTURBANCE + series;
  }

  /** Returns a day's season with noise, disturbed in the first half of the series; NaN: absent. */
  private static double[] values(int series) {
    Random random = new Random(series);
    double[] values = new double[STEPS];
    for (int t = 0; t < STEPS; t++) {
      values[t] = 20 + 5 * Math.sin(t * Math.PI / 12) + random.nextGaussian();
    }
    int begin = begin(series);
    if (series < DISTURBED) {
      switch (kind(series)) {
        case SPIKE -> values[begin] += 12;
        case FLAT_LINE -> Arrays.fill(values, begin, begin + 24, values[begin]);
        case MISSING_DATA -> Arrays.fill(values, begin, begin + 12, Double.NaN);
        case SILENCE -> Arrays.fill(values, begin, STEPS, Double.NaN);
        default -> {
          for (int t = begin; t < STEPS; t++) {
            values[t] += 10;
          }
        }
      }
    }
    return values;
  }

  /** Sends the hours of all series; returns the number of events. */
  private long send(int from, int to) {
    EventEncoder events = new EventEncoder(EventFormat.JSON);
    long sent = 0;
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(eddy.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int hour = from; hour < to; hour++) {
        for (int series = 0; series < SERIES; series++) {
          double value = values[series][hour];
          if (!Double.isNaN(value)) {
            Observation observation = new Observation(name(series), hour * HOUR, value);
            var unused =
                producer.send(
                    new ProducerRecord<>(
                        TOPICS.events(), name(series).getBytes(UTF_8), events.encode(observation)));
            sent++;
          }
        }
      }
    }
    return sent;
  }

  /** Returns the last state of each episode, by series and begin. */
  private Map<String, Map<Long, Episode>> episodes() {
    AnomalyCodec codec = new AnomalyCodec(OutputFormat.DEFAULT, "anomalies");
    Map<String, Map<Long, Episode>> episodes = new HashMap<>();
    eddy.read("anomalies")
        .forEach(
            record -> {
              String series = new String(record.key(), UTF_8);
              PublishedAnomaly published = codec.decode(series, record.value());
              Anomaly anomaly = published.anomaly();
              assertThat(anomaly.score().change()).isIn(Change.BEGIN, Change.END);
              Episode episode = Objects.requireNonNull(anomaly.score().episode());
              episodes
                  .computeIfAbsent(series, name -> new HashMap<>())
                  .put(episode.beginMs(), episode);
            });
    return episodes;
  }

  private static double falseAlarms(Map<String, Map<Long, Episode>> episodes) {
    long count = 0;
    for (int series = DISTURBED; series < SERIES; series++) {
      count += episodes.getOrDefault(name(series), Map.of()).size();
    }
    return count;
  }

  /** Returns the share of disturbances with an episode that begins at most twelve hours later. */
  private static double share(Map<String, Map<Long, Episode>> episodes, boolean isNamed) {
    int found = 0;
    for (int series = 0; series < DISTURBED; series++) {
      long beginMs = begin(series) * HOUR;
      AnomalyKind kind = kind(series);
      boolean isFound =
          episodes.getOrDefault(name(series), Map.of()).values().stream()
              .filter(episode -> episode.beginMs() >= beginMs)
              .filter(episode -> episode.beginMs() <= beginMs + MAX_DELAY * HOUR)
              .anyMatch(episode -> !isNamed || episode.kind() == kind);
      found += isFound ? 1 : 0;
    }
    return (double) found / DISTURBED;
  }
}
