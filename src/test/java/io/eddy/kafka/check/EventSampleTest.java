package io.eddy.kafka.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.SeriesLimits;
import io.eddy.kafka.config.StreamPoliciesBuilder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.series.Interval;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventSampleTest {
  private static final long NOW = Instant.parse("2026-01-05T00:00:00Z").toEpochMilli();
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final long TEN_YEARS = Duration.ofDays(3650).toMillis();

  private EventSample sample = sample(SeriesLimits.DEFAULT);
  private long offset;

  private static EventSample sample(SeriesLimits limits) {
    return new EventSample(
        EventMapping.defaults(EventFormat.NUMBER, List.of()),
        StreamPoliciesBuilder.policies().series(limits).nullDeletes(true).build());
  }

  private void add(String key, @Nullable String value, long timestampMs) {
    sample.add(
        new ConsumerRecord<>(
            "readings",
            0,
            offset++,
            timestampMs,
            TimestampType.CREATE_TIME,
            1,
            1,
            key.getBytes(UTF_8),
            value == null ? null : value.getBytes(UTF_8),
            new RecordHeaders(),
            Optional.empty()));
  }

  @Test
  void missingRecordTimestampIsZero() {
    add("a", "1", -1);

    assertThat(sample.rejected()).isZero();
    assertThat(sample.firstMs()).isZero();
  }

  @Test
  void observationAfterDeletionIsNeitherLateNorDuplicate() {
    add("a", "1", NOW);
    add("a", null, NOW);
    add("a", "1", NOW);
    add("a", null, NOW);
    add("a", "1", NOW - HOUR);

    assertThat(sample.deletions()).isEqualTo(2);
    assertThat(sample.duplicates()).isZero();
    assertThat(sample.late()).isZero();
  }

  @Test
  void deletedSeriesMayStartAtAnyTime() {
    add("a", "1", NOW + TEN_YEARS);
    add("a", null, NOW);
    add("a", "2", NOW);

    assertThat(sample.rejected()).isZero();
  }

  @Test
  void deletionMakesRoomForAnotherSeries() {
    sample = sample(SeriesLimits.DEFAULT.with(1));
    add("a", "1", NOW);
    add("b", "1", NOW);
    add("a", null, NOW);
    add("b", "1", NOW);

    assertThat(sample.rejected()).isEqualTo(1);
    assertThat(sample.observations()).isEqualTo(2);
  }

  @Test
  void seriesThatRestartsAfterClockJumpIsNotLate() {
    add("a", "1", NOW + TEN_YEARS);
    add("a", "2", NOW);
    add("a", "3", NOW + HOUR);
    add("a", "4", NOW + 2 * HOUR);

    assertThat(sample.rejected()).isEqualTo(1);
    assertThat(sample.late()).isZero();
    assertThat(sample.interval(ZoneOffset.UTC).interval()).isEqualTo(Interval.ofMillis(HOUR));
  }

  @Test
  void keepsPositionOfFirstRejectionPerReason() {
    add("a", "1", NOW);
    add("a", "x", NOW);
    add("a", "y", NOW);

    assertThat(sample.reasons())
        .containsExactly(
            new EventSample.Rejected(
                "value: expected a number; events.value-words gives numbers for words",
                2,
                new SourcePosition("readings", 0, 1)));
  }
}
