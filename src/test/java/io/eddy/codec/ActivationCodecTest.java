package io.eddy.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eddy.codec.avro.ActivationRecord;
import io.eddy.forecast.Activation;
import io.eddy.forecast.Activation.Role;
import io.eddy.forecast.Activation.Terms;
import io.eddy.forecast.Activation.Timing;
import io.eddy.forecast.Scope;
import io.eddy.model.ModelVersion;
import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ActivationCodecTest {
  private static final ModelVersion VERSION = ModelVersion.of(new byte[] {1});

  private static final String FORMER =
      "c301836bfa0ed7812bb70e73656e736f72730480013462663531323266333434353534633533"
          + "6264653265626238636432623765336431363030616436333163333835613564376363653233"
          + "6337373835343539610280a0abfef96234726f6c6c6261636b2066726f6d2030613162326333"
          + "6434653566";

  private static final String WITHOUT_SPAN =
      "c301efc3b96274dedb540e73656e736f72730e800135353535353535353535353535353535353535"
          + "35353535353535353535353535353535353535353535353535353535353535353535353535353535"
          + "35353535350280a0abfef9620e626563617573650002c09a0c0001";

  private final ActivationCodec codec = new ActivationCodec();

  static Stream<Terms> terms() {
    Scope prefix = new Scope.Prefix("plant-7/");
    Scope share = Scope.Share.ofPercent(BigDecimal.TEN);
    return Stream.of(
        Terms.serving(Scope.all(), null),
        Terms.serving(prefix, 1_700_000_000_000L),
        Terms.serving(share, null),
        Terms.shadowing(share, -5L),
        Terms.serving(share, null).at(Timing.URGENT),
        Terms.serving(prefix, null).at(new Timing(-5L, 600_000, false)),
        Terms.ending(prefix, Role.SERVE, null),
        Terms.ending(Scope.all(), Role.SHADOW, 7L));
  }

  @ParameterizedTest
  @MethodSource("terms")
  void whatIsEncodedIsDecodedToTheSame(Terms terms) {
    Activation activation = new Activation("m", 3, VERSION, terms, "because");

    assertThat(codec.decode("m/3", codec.encode(activation))).isEqualTo(activation);
  }

  /** Written before activations had scopes and roles. */
  @Test
  void activationWrittenBeforeScopesServesAllSeries() {
    byte[] former = HexFormat.of().parseHex(FORMER);

    assertThat(codec.decode("sensors/2", former))
        .isEqualTo(
            new Activation(
                "sensors", 2, VERSION, 1_700_000_000_000L, "rollback from 0a1b2c3d4e5f"));
  }

  /** Written before moves could be spread, or be urgent. */
  @Test
  void activationWrittenBeforeSpansMovesAllSeriesAtItsTime() {
    byte[] former = HexFormat.of().parseHex(WITHOUT_SPAN);

    Activation read = codec.decode("sensors/7", former);

    assertThat(read.terms())
        .isEqualTo(Terms.ending(new Scope.Share(100_000), Role.SERVE, 1_700_000_000_000L));
    assertThat(read.terms().timing()).isEqualTo(new Timing(1_700_000_000_000L, 0, false));
  }

  @Test
  void rejectsASpanOfMovesWithoutABegin() {
    ActivationRecord record = new ActivationRecord();
    record.setModel("m");
    record.setEpoch(1);
    record.setVersion(VERSION.sha());
    record.setReason("");
    record.setRole(io.eddy.codec.avro.ActivationRole.SERVE);
    record.setOverMs(5);
    byte[] value = new SingleObject<>(ActivationRecord.getClassSchema()).encode(record);

    assertThatExceptionOfType(InvalidRecordException.class)
        .isThrownBy(() -> codec.decode(value))
        .withMessage("activation: a span of moves needs an event time that it begins at");
  }

  @Test
  void rejectsARecordUnderAnotherKeyThanItsOwn() {
    byte[] value = codec.encode(new Activation("m", 3, VERSION, 5L, ""));

    assertThatExceptionOfType(InvalidRecordException.class)
        .isThrownBy(() -> codec.decode("m/4", value))
        .withMessage("activation: expected the key m/3, got m/4");
  }

  @Test
  void rejectsAPrefixBesideAShare() {
    ActivationRecord record = new ActivationRecord();
    record.setModel("m");
    record.setEpoch(1);
    record.setVersion(VERSION.sha());
    record.setReason("");
    record.setPrefix("a");
    record.setSharePerMillion(5);
    record.setRole(io.eddy.codec.avro.ActivationRole.SERVE);
    byte[] value = new SingleObject<>(ActivationRecord.getClassSchema()).encode(record);

    assertThatExceptionOfType(InvalidRecordException.class)
        .isThrownBy(() -> codec.decode(value))
        .withMessage("activation: scope: expected a prefix or a share, got both");
  }

  @Test
  void rejectsForeignAndTruncatedBytes() {
    byte[] value = codec.encode(new Activation("m", 3, VERSION, 5L, ""));

    assertThatExceptionOfType(InvalidRecordException.class)
        .isThrownBy(() -> codec.decode(new byte[] {1, 2, 3}));
    assertThatExceptionOfType(InvalidRecordException.class)
        .isThrownBy(() -> codec.decode(java.util.Arrays.copyOf(value, value.length - 2)));
  }
}
