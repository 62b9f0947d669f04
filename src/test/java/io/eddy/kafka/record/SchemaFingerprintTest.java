package io.eddy.kafka.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.codec.avro.ActivationRecord;
import io.eddy.codec.avro.AlertRecord;
import io.eddy.codec.avro.AnomalyRecord;
import io.eddy.codec.avro.ForecastRecord;
import io.eddy.codec.avro.InstanceStatusRecord;
import io.eddy.codec.avro.ModelManifest;
import io.eddy.codec.avro.ModelPart;
import io.eddy.codec.avro.ScoreRecord;
import io.eddy.codec.avro.SensorEvent;
import java.util.HexFormat;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pins the fingerprints of the schemas. Records of another schema are only read if it is listed as
 * a previous schema, so a fingerprint must not change by accident.
 */
class SchemaFingerprintTest {
  static List<Arguments> fingerprints() {
    return List.of(
        Arguments.of(ActivationRecord.getClassSchema(), "d8333ce88fb7ef14"),
        Arguments.of(AlertRecord.getClassSchema(), "135abdb21a8f6416"),
        Arguments.of(AnomalyRecord.getClassSchema(), "85a7311b6c6134c4"),
        Arguments.of(ForecastRecord.getClassSchema(), "129d190321fd7731"),
        Arguments.of(InstanceStatusRecord.getClassSchema(), "b89a0e0e6195482f"),
        Arguments.of(ModelManifest.getClassSchema(), "8ec5b5d78f6ddaf0"),
        Arguments.of(ModelPart.getClassSchema(), "f5d72fa48e55c4ed"),
        Arguments.of(ScoreRecord.getClassSchema(), "104fb267029ddab6"),
        Arguments.of(SensorEvent.getClassSchema(), "30441a48571efeae"));
  }

  @ParameterizedTest
  @MethodSource("fingerprints")
  void fingerprintIsUnchanged(Schema schema, String fingerprint) {
    assertThat(HexFormat.of().toHexDigits(SchemaNormalization.parsingFingerprint64(schema)))
        .isEqualTo(fingerprint);
  }
}
