package io.eddy.kafka.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.codec.avro.AlertChange;
import io.eddy.codec.avro.AlertRecord;
import io.eddy.codec.avro.Sha256;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.alert.Alert;
import io.eddy.forecast.alert.Alert.Change;
import io.eddy.forecast.alert.Alert.Outlook;
import io.eddy.kafka.record.OutputFormat.Format;
import io.eddy.model.ModelVersion;
import io.eddy.series.Interval;
import io.eddy.series.InvalidRecordException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AlertCodecTest {
  private static final String SERIES = "Zürich/3";
  private static final ModelVersion VERSION = ModelVersion.of(new byte[] {7});

  @ParameterizedTest
  @EnumSource(Format.class)
  void decodesWhatItEncodes(Format format) {
    AlertCodec codec = new AlertCodec(new OutputFormat(format, null), "alerts");

    for (PublishedAlert alert : List.of(fired(), cleared())) {
      assertThat(codec.decode(SERIES, codec.encode(alert))).isEqualTo(alert);
    }
  }

  @Test
  void hasTheBytesOfAvro() throws IOException {
    PublishedAlert alert = fired();
    AlertRecord record =
        AlertRecord.newBuilder()
            .setChange(AlertChange.FIRED)
            .setRule("hot")
            .setCondition("Zürich* > 80.1")
            .setThresholds(List.of(80.1))
            .setProbability(0.7123456789)
            .setExpectedCrossing(Instant.ofEpochMilli(3_600_000))
            .setMedian(81.25)
            .setFiredOrigin(Instant.EPOCH)
            .setReason("It is forecast.")
            .setOrigin(Instant.EPOCH)
            .setInterval("P1M")
            .setWarm(true)
            .setModel("power")
            .setVersion(new Sha256(VERSION.digest()))
            .setEpoch(3)
            .setSourceTopic("sensor-events")
            .setSourcePartition(2)
            .setSourceOffset(41)
            .build();
    ByteBuffer expected =
        new BinaryMessageEncoder<>(SpecificData.get(), record.getSchema()).encode(record);

    byte[] encoded = new AlertCodec(OutputFormat.DEFAULT, "alerts").encode(alert);

    assertThat(ByteBuffer.wrap(encoded)).isEqualTo(expected);
  }

  @Test
  void rejectsOtherJson() {
    AlertCodec codec = new AlertCodec(OutputFormat.DEFAULT, "alerts");
    byte[] json = "{\"series\":\"x\"}".getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> codec.decode("y", json))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessageContaining(
            "not a record of an alert in JSON: field series: expected the record's key y");
  }

  private static PublishedAlert fired() {
    return new PublishedAlert(
        new Alert(
            Change.FIRED,
            new Alert.Rule("hot", "Zürich* > 80.1", List.of(80.1)),
            origin(),
            0,
            new Outlook(0.7123456789, 3_600_000L, 81.25),
            "It is forecast."),
        "power",
        new SourcePosition("sensor-events", 2, 41));
  }

  private static PublishedAlert cleared() {
    return new PublishedAlert(
        new Alert(
            Change.CLEARED,
            new Alert.Rule("range", "Zürich* outside 10..20", List.of(10.0, 20.0)),
            origin(),
            -3_600_000,
            new Outlook(1e-9, null, Double.NaN),
            "It is over."),
        "power",
        new SourcePosition("sensor-events", 2, 42));
  }

  private static Forecast.Origin origin() {
    return new Forecast.Origin(
        SERIES, 0, Interval.parse("P1M"), new Forecast.Served(VERSION, 3), true);
  }
}
