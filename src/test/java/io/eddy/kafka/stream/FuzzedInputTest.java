package io.eddy.kafka.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.EventLimits;
import io.eddy.admission.SeriesLimits;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.config.StreamPolicies;
import io.eddy.kafka.config.StreamPoliciesBuilder;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.config.StreamSettingsBuilder;
import io.eddy.kafka.event.DeadLetters;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.Model;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Observation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * Sends events, a tenth of them mutated, through the topology. Each gives its forecast, goes to the
 * dead letters or is a duplicate; none is lost. Most bad records name a good series, whose
 * forecasts must not change. {@code -Deddy.fuzz.records=1000000} runs the full campaign.
 */
class FuzzedInputTest {
  private static final int RECORDS = Integer.getInteger("eddy.fuzz.records", 20_000);
  private static final int SERIES = 1000;
  private static final int FOLLOWED = 20;
  private static final long HOUR = RecordedStream.HOUR;
  private static final byte[] FILE = Models.file(Models.specification(CellKind.GRU, 4, 12), 1);
  private static final StreamPolicies POLICIES =
      StreamPoliciesBuilder.policies()
          .limits(new EventLimits(-10, 10, 0, Long.MAX_VALUE))
          .series(SeriesLimits.DEFAULT.with(SERIES))
          .build();

  /** Kinds of mutations. */
  private enum Kind {
    BYTES_CHANGED,
    EXCESS_SERIES,
    TRUNCATED,
    VALUE_NULL,
    KEY_EMPTY,
    KEY_NOT_UTF8,
    KEY_LARGE,
    VALUE_NOT_A_NUMBER,
    VALUE_TOO_LARGE,
    OUT_OF_LIMITS,
    TIME_NEGATIVE,
    TIME_TOO_LARGE,
    TIME_YEARS_AHEAD,
    DEEP,
    LONG_LIST,
    LONG_NUMBER,
    WRONG_TYPE,
    AVRO_OVERSIZED,
    NOISE
  }

  private static final Kind[] KINDS = Kind.values();

  private final SplittableRandom random = new SplittableRandom(2026);
  private final BitSet good = new BitSet();
  private final BitSet bad = new BitSet();
  private final BitSet twice = new BitSet();
  private final BitSet forecast = new BitSet();
  private final BitSet dead = new BitSet();
  private final int[] hours = new int[SERIES];
  private final Map<Kind, Integer> kinds = new EnumMap<>(Kind.class);
  private final Model model = ModelFile.read(FILE);
  private final StepFunction steps = new StepFunction();
  private final SeriesState[] states = new SeriesState[FOLLOWED];
  private final Map<Integer, double[]> expected = new HashMap<>();
  private int compared;

  @Test
  void forecastsGoodAndDeadLettersBadRecords(@TempDir Path folder) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
    StreamSettings settings =
        StreamSettingsBuilder.settings("m")
            .events(EventMapping.defaults(EventFormat.JSON, List.of()))
            .topics(TopicNames.DEFAULT)
            .policies(POLICIES)
            .build();
    try (TopologyTestDriver driver =
        new TopologyTestDriver(ForecastTopology.build(settings), properties)) {
      TopologyFixture.publishAndActivate(driver, FILE);
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

    assertThat(without(good, forecast)).as("good records without a forecast").isEmpty();
    assertThat(without(forecast, good)).as("forecasts of others than good records").isEmpty();
    assertThat(without(bad, dead)).as("bad records not among the dead letters").isEmpty();
    assertThat(without(dead, bad)).as("dead letters of others than bad records").isEmpty();
    assertThat(forecast.intersects(twice) || dead.intersects(twice))
        .as("duplicates that gave anything")
        .isFalse();
    assertThat(forecast.cardinality() + dead.cardinality() + twice.cardinality())
        .isEqualTo(RECORDS);
    assertThat(dead.cardinality()).isGreaterThan(RECORDS / 20);
    assertThat(kinds).as("of each kind").hasSize(KINDS.length);
    assertThat(compared).isGreaterThan(RECORDS / 100);
    System.out.printf(
        "%d records: %d forecasts (%d compared bit by bit), %d dead letters, %d duplicates%n",
        RECORDS, forecast.cardinality(), compared, dead.cardinality(), twice.cardinality());
  }

  /** Returns the first elements that only one of the two contains. */
  private static List<Integer> without(BitSet all, BitSet excluded) {
    BitSet left = (BitSet) all.clone();
    left.andNot(excluded);
    return left.stream().limit(10).boxed().toList();
  }

  private static TestOutputTopic<byte[], byte[]> output(TopologyTestDriver driver, String topic) {
    return driver.createOutputTopic(
        topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private void forecast(TestRecord<byte[], byte[]> record) {
    String series = new String(record.key(), StandardCharsets.UTF_8);
    var published = new ForecastCodec().decode(series, record.value());
    for (double value : published.forecast().values()) {
      assertThat(Double.isFinite(value)).isTrue();
    }
    int offset = (int) published.source().offset();
    assertThat(forecast.get(offset)).as("second forecast of %d", offset).isFalse();
    forecast.set(offset);
    double[] own = expected.remove(offset);
    if (own != null) {
      assertThat(published.forecast().values()).as("forecast of %d", offset).isEqualTo(own);
      compared++;
    }
  }

  private void letter(TestRecord<byte[], byte[]> record) {
    byte[] text = record.headers().lastHeader(DeadLetters.PREFIX + "offset").value();
    int offset = Integer.parseInt(new String(text, StandardCharsets.UTF_8));
    assertThat(dead.get(offset)).as("second dead letter of %d", offset).isFalse();
    dead.set(offset);
  }

  /** Sends the first event of each series, so that the partition accepts no others. */
  private TestRecord<byte[], byte[]> next(int offset) {
    if (offset >= SERIES && random.nextInt(10) == 0) {
      return mutated(offset);
    }
    int series = offset < SERIES ? offset : random.nextInt(SERIES);
    boolean isTwice = hours[series] > 0 && random.nextInt(50) == 0;
    (isTwice ? twice : good).set(offset);
    int hour = isTwice ? hours[series] : (hours[series] += 1 + random.nextInt(2));
    double value = random.nextDouble(-9, 9);
    if (series < FOLLOWED && !isTwice) {
      follow(offset, new Observation(name(series), hour * HOUR, value));
    }
    return record(utf8(name(series)), event(hour * HOUR, value));
  }

  /** Computes the expected result of a good record. */
  private void follow(int offset, Observation observation) {
    int series = Integer.parseInt(observation.series().substring("series-".length()));
    if (states[series] == null) {
      states[series] = SeriesState.inMemory(model);
    }
    StepResult result = steps.apply(states[series], observation, model, 1);
    expected.put(offset, ((StepResult.Advanced) result).forecast().values());
  }

  private TestRecord<byte[], byte[]> mutated(int offset) {
    bad.set(offset);
    int series = random.nextInt(SERIES);
    byte[] key = utf8(name(series));
    byte[] other = utf8("mutated-" + offset);
    byte[] value = event((hours[series] + 1) * HOUR, random.nextDouble(-9, 9));
    Kind kind = KINDS[random.nextInt(KINDS.length)];
    kinds.merge(kind, 1, Integer::sum);
    boolean isLarge = random.nextInt(100) == 0;
    return switch (kind) {
      case BYTES_CHANGED -> {
        // Mutated bytes may decode to any event, or to none.
        for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
          value[random.nextInt(value.length)] = (byte) random.nextInt(256);
        }
        yield record(other, value);
      }
      case EXCESS_SERIES -> record(other, value);
      case TRUNCATED -> record(key, Arrays.copyOf(value, random.nextInt(value.length - 1)));
      case VALUE_NULL -> record(key, null);
      case KEY_EMPTY -> record(random.nextBoolean() ? null : new byte[0], value);
      case KEY_NOT_UTF8 -> record(new byte[] {(byte) (0x80 | random.nextInt(64))}, value);
      case KEY_LARGE -> record(new byte[1025 + random.nextInt(isLarge ? 1 << 20 : 5000)], value);
      case VALUE_NOT_A_NUMBER -> record(key, utf8("{\"value\":\"NaN\",\"timestamp\":5}"));
      case VALUE_TOO_LARGE -> record(key, utf8("{\"value\":1e" + (36 + random.nextInt(400)) + "}"));
      case OUT_OF_LIMITS ->
          record(key, event((hours[series] + 1) * HOUR, 10.5 + random.nextInt(1000)));
      case TIME_NEGATIVE -> record(key, event(-1 - random.nextInt(99), 1));
      case TIME_TOO_LARGE -> record(key, event(random.nextLong(1L << 48, Long.MAX_VALUE), 1));
      case TIME_YEARS_AHEAD -> record(key, event(ahead(), 1));
      case DEEP -> record(key, utf8("[".repeat(1 + random.nextInt(isLarge ? 500_000 : 5000))));
      case LONG_LIST ->
          record(
              key,
              utf8("{\"value\":[" + "1,".repeat(random.nextInt(isLarge ? 400_000 : 2000)) + "1]}"));
      case LONG_NUMBER ->
          record(key, utf8("{\"value\":1" + "0".repeat(100 + random.nextInt(5000)) + "}"));
      case WRONG_TYPE ->
          record(key, utf8(WRONG.get(random.nextInt(WRONG.size())).formatted(hours[series] + 1)));
      case AVRO_OVERSIZED -> {
        byte[] claims = new byte[16 + random.nextInt(40)];
        random.nextBytes(claims);
        claims[0] = (byte) 0xC3;
        claims[1] = 1;
        yield record(key, claims);
      }
      case NOISE -> {
        byte[] noise = new byte[random.nextInt(200)];
        random.nextBytes(noise);
        if (noise.length > 0) {
          noise[0] = (byte) 0xFF;
        }
        yield record(key, noise);
      }
    };
  }

  private static final List<String> WRONG =
      List.of(
          "{\"timestamp\":%d,\"value\":{}}",
          "{\"timestamp\":%d,\"value\":true}",
          "{\"timestamp\":%d,\"value\":null}",
          "{\"timestamp\":%d,\"value\":\"warm\"}",
          "{\"timestamp\":%d,\"value\":Infinity}",
          "{\"timestamp\":%d}",
          "{\"timestamp\":\"at %d\",\"value\":1}",
          "{\"timestamp\":[%d],\"value\":1}",
          "[%d]",
          "{\"timestamp\":%d,\"value\":1}{}");

  /** Far from each other, so that the timestamp guard rejects all. */
  private long ahead() {
    return (100 + 2L * kinds.getOrDefault(Kind.TIME_YEARS_AHEAD, 0) % 7000) * 366 * 24 * HOUR;
  }

  private static String name(int series) {
    return "series-" + series;
  }

  private static byte[] event(long timestampMs, double value) {
    return utf8(
        "{\"timestamp\":\"%s\",\"value\":%s}".formatted(Instant.ofEpochMilli(timestampMs), value));
  }

  private static TestRecord<byte[], byte[]> record(byte @Nullable [] key, byte @Nullable [] value) {
    return new TestRecord<>(key, value, new RecordHeaders(), 0L);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
