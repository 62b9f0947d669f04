package io.eddy.kafka.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadLettersTest {
  private static final int LIMIT = 1 << 20;

  private static final RecordMetadata SOURCE =
      new RecordMetadata() {
        @Override
        public String topic() {
          return "events";
        }

        @Override
        public int partition() {
          return 3;
        }

        @Override
        public long offset() {
          return 42;
        }
      };

  @ParameterizedTest
  @CsvSource({
    "10, 1500000, 0",
    "1500000, 10, 0",
    "900000, 900000, 0",
    "10, 10, 1500000",
    "0, 0, 9"
  })
  void letterFitsAndKeepsCoordinates(int keyBytes, int valueBytes, int headerBytes) {
    Record<byte[], byte[]> letter =
        DeadLetters.truncate(letter(keyBytes, valueBytes, headerBytes), LIMIT);

    assertThat(RecordSize.of(letter)).isLessThanOrEqualTo(LIMIT);
    assertThat(header(letter, DeadLetters.PREFIX + "topic")).isEqualTo("events");
    assertThat(header(letter, DeadLetters.PREFIX + "partition")).isEqualTo("3");
    assertThat(header(letter, DeadLetters.PREFIX + "offset")).isEqualTo("42");
    assertThat(header(letter, DeadLetters.PREFIX + "message")).isEqualTo("no number");
  }

  @Test
  void largeValueIsCutOffAtTheLimit() {
    Record<byte[], byte[]> letter = DeadLetters.truncate(letter(10, 1_500_000, 0), LIMIT);

    assertThat(RecordSize.of(letter)).isEqualTo(LIMIT);
    assertThat(header(letter, DeadLetters.TRUNCATED)).startsWith("key 10, value 1500000, headers ");
    assertThat(letter.key()).hasSize(10);
  }

  @Test
  void fittingLetterStaysUnchanged() {
    Record<byte[], byte[]> letter = letter(10, 900_000, 100);

    assertThat(DeadLetters.truncate(letter, LIMIT)).isSameAs(letter);
  }

  @Test
  void limitIsThatOfTheProducer() {
    assertThat(RecordSize.limit(Map.of())).isEqualTo(LIMIT);
    assertThat(RecordSize.limit(Map.of("max.request.size", "5000"))).isEqualTo(5000);
    assertThat(
            RecordSize.limit(Map.of("max.request.size", 5000, "producer.max.request.size", 6000)))
        .isEqualTo(6000);
  }

  private static Record<byte[], byte[]> letter(int keyBytes, int valueBytes, int headerBytes) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("trace", new byte[headerBytes]);
    Record<byte[], byte[]> record =
        new Record<>(new byte[keyBytes], new byte[valueBytes], 0, headers);
    return DeadLetters.of(record, SOURCE, new InvalidRecordException("%s", "no number"));
  }

  private static String header(Record<byte[], byte[]> letter, String name) {
    return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
