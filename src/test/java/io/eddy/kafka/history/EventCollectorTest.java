package io.eddy.kafka.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.EventLimits;
import io.eddy.dataset.SeriesData;
import io.eddy.kafka.config.StreamPoliciesBuilder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventCollectorTest {
  private static final long NOW = Instant.parse("2026-01-05T00:00:00Z").toEpochMilli();
  private static final long TEN_YEARS = Duration.ofDays(3650).toMillis();

  private final EventCollector collector =
      new EventCollector(
          EventMapping.defaults(EventFormat.NUMBER, List.of()),
          StreamPoliciesBuilder.policies()
              .limits(new EventLimits(-10, 10, 0, Long.MAX_VALUE))
              .nullDeletes(true)
              .build());

  private void add(String key, @Nullable String value, long timestampMs) {
    collector.add(record(key, value, timestampMs));
  }

  private static ConsumerRecord<byte[], byte[]> record(
      String key, @Nullable String value, long timestampMs) {
    return new ConsumerRecord<>(
        "readings",
        0,
        0,
        timestampMs,
        TimestampType.CREATE_TIME,
        1,
        1,
        key.getBytes(UTF_8),
        value == null ? null : value.getBytes(UTF_8),
        new RecordHeaders(),
        Optional.empty());
  }

  private double[] values(String name) {
    return collector.series().stream()
        .filter(series -> series.name().equals(name))
        .findFirst()
        .map(SeriesData::values)
        .orElse(new double[0]);
  }

  @Test
  void sortsSeriesByName() {
    add("b", "1", NOW);
    add("a", "2", NOW);

    assertThat(collector.series()).extracting(SeriesData::name).containsExactly("a", "b");
  }

  @Test
  void missingRecordTimestampIsZero() {
    add("a", "1", -1);

    assertThat(collector.series().get(0).timestampsMs()).containsExactly(0);
    assertThat(collector.rejected()).isEmpty();
  }

  @Test
  void deletionRemovesEarlierObservationsOfItsSeries() {
    add("a", "1", NOW);
    add("b", "2", NOW);
    add("a", null, NOW + 1);
    add("a", "3", NOW + 2);

    assertThat(values("a")).containsExactly(3);
    assertThat(values("b")).containsExactly(2);
  }

  @Test
  void deletedSeriesMayStartAtAnyTime() {
    add("a", "1", NOW + TEN_YEARS);
    add("a", null, NOW);
    add("a", "2", NOW);

    assertThat(values("a")).containsExactly(2);
    assertThat(collector.rejected()).isEmpty();
  }

  @Test
  void rejectsTimestampThatIsFarAheadOfItsSeries() {
    add("a", "1", NOW);
    add("a", "2", NOW + TEN_YEARS);
    add("a", "3", NOW + 1);

    assertThat(values("a")).containsExactly(1, 3);
    assertThat(collector.rejected()).hasSize(1).containsValue(1L);
  }

  @Test
  void seriesThatRestartsAfterClockJumpLosesEarlierObservations() {
    add("a", "1", NOW + TEN_YEARS);
    add("a", "2", NOW);
    add("a", "3", NOW + 1);

    assertThat(values("a")).containsExactly(3);
    assertThat(collector.rejected()).containsValue(1L);
  }

  @Test
  void countsIntegersThatAreRounded() {
    EventCollector unlimited =
        new EventCollector(
            EventMapping.defaults(EventFormat.NUMBER, List.of()),
            StreamPoliciesBuilder.policies().build());
    for (String value : List.of("9007199254740992", "9007199254740993", "-9007199254740995")) {
      unlimited.add(record("a", value, NOW));
    }

    assertThat(unlimited.roundedIntegers()).isEqualTo(2);
  }

  @Test
  void countsRejectionsByReason() {
    add("a", "x", NOW);
    add("a", "y", NOW);
    add("a", "11", NOW);

    assertThat(collector.series()).isEmpty();
    assertThat(collector.rejected())
        .containsEntry("value: expected a number; events.value-words gives numbers for words", 2L)
        .containsEntry("value: expected -10.0 to 10.0", 1L);
  }
}
