package io.eddy.kafka.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eddy.codec.avro.ActivationRecord;
import io.eddy.kafka.schema.SingleObjectEncoding;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Activation.Timing;
import io.eddy.rollout.ActivationCause;
import io.eddy.rollout.Author;
import io.eddy.rollout.PromotionRule;
import io.eddy.rollout.Scope;
import io.eddy.series.InvalidRecordException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ActivationCodecTest {
  private static final ModelVersion VERSION = ModelVersion.of(new byte[] {1});

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
  void decodesEncodedActivation(Terms terms) {
    Activation activation = new Activation("m", 3, VERSION, terms, "because");

    assertThat(codec.decode("m/3", codec.encode(activation))).isEqualTo(activation);
  }

  @Test
  void rejectsMigrationSpanWithoutStart() {
    ActivationRecord record = new ActivationRecord();
    record.setModel("m");
    record.setEpoch(1);
    record.setVersion(VERSION.sha());
    record.setReason("");
    record.setAuthor("");
    record.setRole(io.eddy.codec.avro.ActivationRole.SERVE);
    record.setOverMs(5);
    byte[] value = new SingleObjectEncoding<>(ActivationRecord.getClassSchema()).encode(record);

    assertThatExceptionOfType(InvalidRecordException.class)
        .isThrownBy(() -> codec.decode(value))
        .withMessage("activation: a migration period needs an event time to begin at");
  }

  @Test
  void rejectsRecordWithForeignKey() {
    byte[] value = codec.encode(new Activation("m", 3, VERSION, 5L, ""));

    assertThatExceptionOfType(InvalidRecordException.class)
        .isThrownBy(() -> codec.decode("m/4", value))
        .withMessage("activation: expected the key m/3, got m/4");
  }

  @Test
  void rejectsPrefixWithShare() {
    ActivationRecord record = new ActivationRecord();
    record.setModel("m");
    record.setEpoch(1);
    record.setVersion(VERSION.sha());
    record.setReason("");
    record.setAuthor("");
    record.setPrefix("a");
    record.setSharePerMillion(5);
    record.setRole(io.eddy.codec.avro.ActivationRole.SERVE);
    byte[] value = new SingleObjectEncoding<>(ActivationRecord.getClassSchema()).encode(record);

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

  @Test
  void roundTripsPromotionRuleAndRevokedEpoch() {
    ActivationCodec codec = new ActivationCodec();
    PromotionRule rule =
        new PromotionRule(
            PromotionRule.Condition.parse("better by 10% over 4 forecasts, within 7 days"),
            Instant.parse("2026-01-01T00:00:00Z"),
            List.of(3L, 5L));
    ModelVersion version = new ModelVersion("0c".repeat(32));
    Terms terms = Terms.shadowing(new Scope.Prefix("a"), null);
    Activation shadow = new Activation("m", 5, version, terms, "", new ActivationCause(rule, 0));
    Activation rollback =
        new Activation(
            "m", 7, version, Terms.serving(Scope.all(), null), "", new ActivationCause(null, 6));

    Activation authored =
        rollback.by(
            Author.controller("plant", "host-1-ab").at(Instant.parse("2026-01-02T03:04:05.678Z")));

    assertThat(codec.decode(codec.encode(authored))).isEqualTo(authored);
    assertThat(codec.decode(codec.encode(shadow))).isEqualTo(shadow);
    assertThat(codec.decode(codec.encode(rollback))).isEqualTo(rollback);
  }
}
