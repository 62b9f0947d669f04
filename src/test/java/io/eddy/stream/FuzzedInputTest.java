package io.eddy.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.cell.CellKind;
import io.eddy.codec.EventFormat;
import io.eddy.codec.ForecastCodec;
import io.eddy.model.Models;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Properties;
import java.util.SplittableRandom;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events of which a tenth are mutated, through the topology: each gives its forecast, or goes to
 * the dead letters, or is a duplicate, and none gets lost. {@code -Deddy.fuzz.records=1000000} is
 * the whole run.
 */
class FuzzedInputTest {
  private static final int RECORDS = Integer.getInteger("eddy.fuzz.records", 20_000);
  private static final int SERIES = 1000;
  private static final long HOUR = RecordedStream.HOUR;

  private final SplittableRandom random = new SplittableRandom(2026);
  private final BitSet good = new BitSet();
  private final BitSet bad = new BitSet();
  private final BitSet twice = new BitSet();
  private final BitSet forecast = new BitSet();
  private final BitSet dead = new BitSet();
  private final int[] hours = new int[SERIES];

  @Test
  void everyGoodRecordIsForecastAndEveryBadOneIsADeadLetter(@TempDir Path folder) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
    StreamSettings settings = new StreamSettings("m", EventFormat.JSON, TopicNames.DEFAULT);
    try (TopologyTestDriver driver =
        new TopologyTestDriver(ForecastTopology.build(settings), properties)) {
      StreamFixture.putToWork(driver, Models.file(Models.specification(CellKind.GRU, 4, 12), 1));
      TestInputTopic<byte[], byte[]> events =
          driver.createInputTopic(
              settings.topics().events(), new ByteArraySerializer(), new ByteArraySerializer());
      TestOutputTopic<byte[], byte[]> forecasts = output(driver, settings.topics().forecasts());
      TestOutputTopic<byte[], byte[]> letters = output(driver, settings.topics().deadLetters());
      for (int offset = 0; offset < RECORDS; offset++) {
        events.pipeInput(next(offset));
        if (offset % 1000 == 999 || offset == RECORDS - 1) {
          forecasts.readRecordsToList().forEach(this::forecast);
          letters.readRecordsToList().forEach(this::letter);
          output(driver, settings.topics().scores()).readRecordsToList();
        }
      }
    }

    BitSet unaccounted = (BitSet) good.clone();
    unaccounted.andNot(forecast);
    assertThat(unaccounted).as("good records without a forecast").isEqualTo(new BitSet());
    unaccounted = (BitSet) bad.clone();
    unaccounted.andNot(dead);
    assertThat(unaccounted).as("bad records not among the dead letters").isEqualTo(new BitSet());
    assertThat(forecast.intersects(dead)).isFalse();
    BitSet found = (BitSet) forecast.clone();
    found.or(dead);
    assertThat(found.intersects(twice)).as("duplicates that gave anything").isFalse();
    found.or(twice);
    assertThat(found.cardinality()).isEqualTo(RECORDS);
    assertThat(forecast.cardinality() + dead.cardinality() + twice.cardinality())
        .isEqualTo(RECORDS);
    assertThat(dead.cardinality()).isGreaterThan(RECORDS / 20);
  }

  private static TestOutputTopic<byte[], byte[]> output(TopologyTestDriver driver, String topic) {
    return driver.createOutputTopic(
        topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private void forecast(TestRecord<byte[], byte[]> record) {
    String series = new String(record.key(), StandardCharsets.UTF_8);
    var published = new ForecastCodec().decode(series, record.value());
    for (float value : published.forecast().values()) {
      assertThat(Float.isFinite(value)).isTrue();
    }
    int offset = (int) published.source().offset();
    assertThat(forecast.get(offset)).as("second forecast of %d", offset).isFalse();
    forecast.set(offset);
  }

  private void letter(TestRecord<byte[], byte[]> record) {
    byte[] text = record.headers().lastHeader(DeadLetters.PREFIX + "offset").value();
    int offset = Integer.parseInt(new String(text, StandardCharsets.UTF_8));
    assertThat(dead.get(offset)).as("second dead letter of %d", offset).isFalse();
    dead.set(offset);
  }

  private TestRecord<byte[], byte[]> next(int offset) {
    if (random.nextInt(10) == 0) {
      return mutated(offset);
    }
    int series = random.nextInt(SERIES);
    boolean isTwice = hours[series] > 0 && random.nextInt(50) == 0;
    (isTwice ? twice : good).set(offset);
    int hour = isTwice ? hours[series] : (hours[series] += 1 + random.nextInt(2));
    return record(utf8("series-" + series), event(hour), 0);
  }

  /** Of a series of its own, so that what it does to it, if anything, touches no good record. */
  private TestRecord<byte[], byte[]> mutated(int offset) {
    byte[] key = utf8("mutated-" + offset);
    byte[] value = event(1 + random.nextInt(1000));
    int kind = random.nextInt(12);
    if (kind >= 2) {
      bad.set(offset);
    }
    return switch (kind) {
      case 0, 1 -> {
        // What bytes make of it is any event, or none.
        for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
          value[random.nextInt(value.length)] = (byte) random.nextInt(256);
        }
        yield record(key, value, 0);
      }
      case 2 -> record(key, Arrays.copyOf(value, random.nextInt(value.length - 1)), 0);
      case 3 -> record(key, null, 0);
      case 4 -> record(random.nextBoolean() ? null : new byte[0], value, 0);
      case 5 -> record(new byte[] {(byte) (0x80 | random.nextInt(64))}, value, 0);
      case 6 -> record(new byte[1025 + random.nextInt(100_000)], value, 0);
      case 7 -> record(key, utf8("{\"value\":\"NaN\",\"timestamp\":5}"), 0);
      case 8 -> record(key, utf8("{\"value\":1e" + (36 + random.nextInt(400)) + "}"), 5);
      case 9 ->
          record(key, utf8("{\"timestamp\":-" + (1 + random.nextInt(99)) + ",\"value\":1}"), 0);
      case 10 -> record(key, utf8("[".repeat(1 + random.nextInt(5000))), 0);
      default -> {
        byte[] noise = new byte[random.nextInt(200)];
        random.nextBytes(noise);
        if (noise.length > 0) {
          noise[0] = (byte) 0xFF;
        }
        yield record(key, noise, 0);
      }
    };
  }

  private byte[] event(int hour) {
    return utf8("{\"timestamp\":%d,\"value\":%s}".formatted(hour * HOUR, random.nextDouble(-9, 9)));
  }

  private static TestRecord<byte[], byte[]> record(
      byte @Nullable [] key, byte @Nullable [] value, long timestampMs) {
    return new TestRecord<>(key, value, new RecordHeaders(), timestampMs);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
