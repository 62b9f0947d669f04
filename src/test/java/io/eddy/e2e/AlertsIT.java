package io.eddy.e2e;

import static io.eddy.e2e.RunningEddy.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eddy.forecast.alert.Alert.Change;
import io.eddy.kafka.event.EventEncoder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.record.AlertCodec;
import io.eddy.kafka.record.OutputFormat;
import io.eddy.kafka.record.PublishedAlert;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.series.Observation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts of ramps by a forecaster that is killed while it processes them. */
@Tag("slow")
class AlertsIT {
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final int SERIES = 20;
  private static final byte[] MODEL = Models.file(Models.specification(CellKind.GRU, 6, 12), 1);
  private static final TopicNames TOPICS = TopicNames.DEFAULT.withAlerts("alerts");

  @TempDir Path folder;
  private RunningEddy eddy;

  @BeforeEach
  void start() {
    eddy = new RunningEddy(folder, TOPICS, 3, "m");
  }

  @AfterEach
  void stop() {
    eddy.close();
  }

  @Test
  void killChangesNoAlert() throws Exception {
    eddy.activate(MODEL);
    Path config =
        eddy.config(
            "alerts",
            Map.of("application.id", "alerts", "alerts.rules", "hot: pump-* > 30 within PT6H"));

    try (ServeProcess serve = eddy.serve("serve", config)) {
      send(0, 80);
      until(() -> !eddy.read("alerts").isEmpty());
      send(80, 100);
      serve.kill();
    }
    send(100, 200);
    int exitCode;
    try (ServeProcess serve = eddy.serve("serve", config)) {
      until(() -> eddy.read("forecasts").size() == 200 * SERIES);
      exitCode = serve.stop();
    }

    assertThat(exitCode).as(ServeProcess.output(eddy.log("serve"))).isZero();
    List<PublishedAlert> alerts = alerts();
    for (int pump = 0; pump < SERIES; pump++) {
      String series = "pump-" + pump;
      assertThat(alerts)
          .filteredOn(published -> published.alert().origin().series().equals(series))
          .as(series)
          .extracting(published -> published.alert().change())
          .containsExactly(Change.FIRED, Change.CLEARED);
    }
    JsonNode report = eddy.verifyConsistent(config);
    assertThat(report.get("alerts").asInt()).isEqualTo(2 * SERIES);
  }

  /** Sends hours of ramps up to 60 and down again, each series three quarters later. */
  private void send(int from, int to) {
    EventEncoder events = new EventEncoder(EventFormat.JSON);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(eddy.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int hour = from; hour < to; hour++) {
        for (int pump = 0; pump < SERIES; pump++) {
          double ramp = hour - 0.75 * pump;
          double value = ramp < 60 ? ramp : Math.max(0, 120 - ramp);
          Observation observation = new Observation("pump-" + pump, hour * HOUR, value);
          var unused =
              producer.send(
                  new ProducerRecord<>(
                      TOPICS.events(),
                      observation.series().getBytes(UTF_8),
                      events.encode(observation)));
        }
      }
    }
  }

  private List<PublishedAlert> alerts() {
    AlertCodec codec = new AlertCodec(OutputFormat.DEFAULT, "alerts");
    return eddy.read("alerts").stream()
        .map(record -> codec.decode(new String(record.key(), UTF_8), record.value()))
        .toList();
  }
}
