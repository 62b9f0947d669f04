package io.eddy.kafka.topics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RecordTimestampTest {
  @ParameterizedTest
  @CsvSource({"1767225600000, 1767225600000", "0, 0", "-1, 0", "-9223372036854775808, 0"})
  void missingTimestampIsZero(long timestamp, long expected) {
    ConsumerRecord<Object, Object> record =
        new ConsumerRecord<>(
            "events",
            0,
            0,
            timestamp,
            TimestampType.CREATE_TIME,
            0,
            0,
            new byte[0],
            new byte[0],
            new RecordHeaders(),
            Optional.empty());

    assertThat(new RecordTimestamp().extract(record, 5)).isEqualTo(expected);
  }
}
