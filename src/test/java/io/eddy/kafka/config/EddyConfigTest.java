package io.eddy.kafka.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eddy.admission.EventLimits;
import io.eddy.admission.LatenessPolicy;
import io.eddy.admission.SeriesLimits;
import io.eddy.admission.TimestampGuard;
import io.eddy.kafka.event.EventEncoding;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.EventTime;
import io.eddy.kafka.event.NullValues;
import io.eddy.kafka.event.SeriesKey;
import io.eddy.kafka.record.OutputFormat;
import io.eddy.kafka.rocksdb.Compaction;
import io.eddy.kafka.rocksdb.Compression;
import io.eddy.kafka.rocksdb.RocksDbSettings;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.rollout.MigrationThrottle;
import io.eddy.rollout.RollbackRules;
import io.eddy.series.Duplicates;
import io.eddy.series.time.TimestampFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EddyConfigTest {
  private static EddyConfig config(String... assignments) {
    return new SettingSources().assignments(List.of(assignments)).load();
  }

  private static StreamPolicies policies(String... assignments) {
    return config(assignments).stream().policies();
  }

  @Test
  void defaultsAreThoseOfTheDomain() {
    EddyConfig config = config();

    assertThat(config.stream())
        .isEqualTo(
            new StreamSettings(
                "sensors",
                EventMapping.defaults(EventFormat.JSON, List.of()),
                TopicNames.DEFAULT,
                StreamPolicies.DEFAULT,
                OutputFormat.DEFAULT));
    assertThat(config.deployment().rollback()).isEqualTo(RollbackRules.DEFAULT);
    assertThat(config.isExactlyOnce()).isTrue();
  }

  @Test
  void mapsEventFields() {
    StreamSettings settings =
        config(
            "events.key=site, tag.id",
            "events.key-separator=:",
            "events.timestamp=at",
            "events.timestamp-format=us",
            "events.value=temperature, humidity",
            "events.covariates=load")
            .stream();

    assertThat(settings.events())
        .isEqualTo(
            new EventMapping(
                EventEncoding.of(EventFormat.JSON),
                new SeriesKey(List.of("site", "tag.id"), ":"),
                EventTime.ofField("at", TimestampFormat.US),
                List.of("temperature", "humidity"),
                List.of("load")));
    assertThat(settings.topics().source()).isEqualTo("keyed-events");
  }

  @Test
  void topicIsTheNameOfItsOnlySeries() {
    StreamSettings settings = config("topic.events=boiler", "events.key=topic").stream();

    assertThat(settings.events().key()).isEqualTo(new SeriesKey(List.of("constant:boiler"), "/"));
    assertThat(settings.topics().source()).isEqualTo("keyed-events");
  }

  @ParameterizedTest
  @CsvSource({
    "events.key-format=long, sensor-events",
    "events.key-format=windowed-long, keyed-events",
    "events.key-format=json, keyed-events",
    "events.value=m[].value, keyed-events"
  })
  void repartitionsIfTheKeyLeavesThePartitionOpen(String assignment, String source) {
    assertThat(config(assignment).stream().topics().source()).isEqualTo(source);
  }

  @Test
  void readsWordsForValues() {
    assertThat(
            config("events.value-words=ON=1, off=0").stream().events().words().numbers().get("Off"))
        .isEqualTo(0);
  }

  @Test
  void recordKeyNeedsNoKeyedEvents() {
    StreamSettings settings =
        config("topic.keyed-events=other", "events.timestamp=record").stream();

    assertThat(settings.topics().keyedEvents()).isNull();
    assertThat(settings.events().time()).isEqualTo(EventTime.RECORD_TIMESTAMP);
  }

  @Test
  void timestampFormatAloneAppliesToDefaultField() {
    assertThat(config("events.timestamp-format=s").stream().events().time())
        .isEqualTo(EventTime.ofField("timestamp", TimestampFormat.S));
  }

  @Test
  void schemaPathIsRelativeToItsFile(@TempDir Path directory) throws IOException {
    Files.writeString(
        directory.resolve("meter.avsc"), "{\"type\":\"record\",\"name\":\"M\",\"fields\":[]}");
    Path file =
        Files.writeString(
            directory.resolve("x.properties"), "events.format=avro\nevents.schema=meter.avsc\n");

    EventMapping events = new SettingSources().file(file).load().stream().events();

    assertThat(events.encoding().schema()).isNotNull();
  }

  @Test
  void mapsLatenessPolicy() {
    assertThat(
            policies(
                    "events.lateness=PT10M",
                    "events.duplicate-window=8",
                    "forecasts.emit-on=observation")
                .lateness())
        .isEqualTo(new LatenessPolicy(Duration.ofMinutes(10), 8, true));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "-, -, FIRST",
        "-, drop, FIRST",
        "-, revise, LAST",
        "first, revise, FIRST",
        "last, -, LAST",
        "max, revise, MAX"
      })
  void correctionsCountByDefaultIfStepsAreRevised(
      @Nullable String rule, @Nullable String latePolicy, Duplicates expected) {
    List<String> lines = new ArrayList<>();
    if (rule != null) {
      lines.add("events.duplicates=" + rule);
    }
    if (latePolicy != null) {
      lines.add("events.late-policy=" + latePolicy);
    }

    assertThat(policies(lines.toArray(String[]::new)).lateness().duplicates()).isEqualTo(expected);
  }

  @Test
  void revisesOnlyWithLatePolicy() {
    assertThat(policies("events.revise-steps=5").lateness().isRevising()).isFalse();
    assertThat(policies("events.late-policy=revise").lateness().revisedSteps()).isEqualTo(24);
    assertThat(
            policies("events.late-policy=revise", "events.revise-steps=5")
                .lateness()
                .revisedSteps())
        .isEqualTo(5);
  }

  @Test
  void mapsEventLimits() {
    StreamPolicies policies =
        policies(
            "events.min-value=-40",
            "events.max-timestamp=2030-01-01T00:00:00Z",
            "events.max-ahead-of-record=PT1H",
            "events.null-values=delete");

    assertThat(policies.nullValues()).isEqualTo(NullValues.DELETE);
    assertThat(policies.limits())
        .isEqualTo(
            new EventLimits(
                -40,
                EventLimits.NONE.maxValue(),
                0,
                Instant.parse("2030-01-01T00:00:00Z").toEpochMilli(),
                Duration.ofHours(1).toMillis()));
  }

  @Test
  void mapsSeriesLimits() {
    assertThat(
            policies(
                    "events.max-ahead-of-series=P2D",
                    "series.max-per-partition=1000",
                    "series.time-to-live=P30D")
                .series())
        .isEqualTo(
            new SeriesLimits(
                TimestampGuard.of(Duration.ofDays(2)), 1000, Duration.ofDays(30).toMillis()));
  }

  @Test
  void limitsCanBeOff() {
    StreamPolicies policies =
        policies(
            "events.max-ahead-of-series=off",
            "events.max-ahead-of-record=off",
            "series.max-per-partition=off",
            "series.time-to-live=off");

    assertThat(policies.series().timestampGuard()).isEqualTo(TimestampGuard.OFF);
    assertThat(policies.limits()).isEqualTo(EventLimits.NONE);
  }

  @Test
  void mapsMigrationThrottle() {
    assertThat(policies("migration.steps-per-event=2").models().migration())
        .isEqualTo(new MigrationThrottle(2));
  }

  @Test
  void mapsRollbackRules() {
    assertThat(
            config(
                    "rollback.non-finite=false",
                    "rollback.max-error-above-naive=12.5 %",
                    "rollback.window=40")
                .deployment()
                .rollback())
        .isEqualTo(new RollbackRules(false, 0.125, 40));
  }

  @Test
  void mapsStateStorage() {
    assertThat(config().deployment().rocksDb()).isEqualTo(RocksDbSettings.DEFAULT);
    assertThat(
            config(
                    "rocksdb.memory=2GiB",
                    "rocksdb.write-buffer-share=25%",
                    "rocksdb.write-buffer-size=512 KiB",
                    "rocksdb.write-buffers=2",
                    "rocksdb.compaction=level",
                    "rocksdb.compression=zstd",
                    "rocksdb.max-open-files=500",
                    "rocksdb.threads=4")
                .deployment()
                .rocksDb())
        .isEqualTo(
            new RocksDbSettings(
                new RocksDbSettings.Memory(2L << 30, 0.25),
                new RocksDbSettings.WriteBuffers(512 << 10, 2),
                new RocksDbSettings.Files(Compaction.LEVEL, Compression.ZSTD, 500, 4)));
  }

  @Test
  void ownConfigSetterReplacesStateStorage() {
    assertThat(
            config("kafka.rocksdb.config.setter=org.example.Setter", "rocksdb.memory=256MiB")
                .deployment()
                .rocksDb())
        .isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application.id=a b | application.id: expected 1 to 249 of the characters a-z, A-Z, 0-9,"
            + " '.', '_' and '-'",
        "events.format=xml | events.format: expected number, json, avro, ",
        "events.key=a, | events.key: expected record, topic, constant:NAME, or distinct field names,"
            + " separated by commas",
        "events.key=a,a | events.key: expected record, topic, constant:NAME, or distinct field names,"
            + " separated by commas",
        "events.key-format=double | events.key-format: expected string, long, int, short, uuid",
        "events.value-words=ON | events.value-words: expected WORD=NUMBER or WORD=missing",
        "events.key-separator=123456789 | events.key-separator: expected 1 to 8 characters",
        "events.timestamp-format=noon | events.timestamp-format: expected auto, iso-8601, rfc-1123,"
            + " s, ms, us, ns, days, excel, or a pattern",
        "events.value=.a | events.value: expected 1 to 64 distinct field names separated by commas",
        "events.covariates=load,load | events.covariates: expected at most 64 distinct names",
        "events.covariates=timestamp | events.covariates: expected at most 64 distinct names",
        "events.plain-avro=1 | events.plain-avro: expected true or false",
        "events.lateness=10 minutes | events.lateness: expected a duration such as 30s, 10m, 2h, 1d,"
            + " 1w or PT10M, from 0s to 3660d",
        "events.lateness=-PT1S | events.lateness: expected a duration",
        "events.duplicate-window=0 | events.duplicate-window: expected a whole number from 1 to"
            + " 4096",
        "events.late-policy=never | events.late-policy: expected drop or revise",
        "events.revise-steps=257 | events.revise-steps: expected a whole number from 1 to 256",
        "events.min-value=NaN | events.min-value: expected a number",
        "events.min-timestamp=2026 | events.min-timestamp: expected an ISO-8601 time in UTC from"
            + " 1970 on, such as 2026-01-20T00:00:00Z",
        "events.max-ahead-of-series=PT0S | events.max-ahead-of-series: expected a duration",
        "events.max-ahead-of-record=-PT1S | events.max-ahead-of-record: expected a duration",
        "series.max-per-partition=0 | series.max-per-partition: expected a whole number from 1, or"
            + " off",
        "events.null-values=ignore | events.null-values: expected dead-letter, delete or skip",
        "forecasts.emit-on=tuesday | forecasts.emit-on: expected step or observation",
        "models.trusted-keys=abc | models.trusted-keys: expected Ed25519 public keys in Base64",
        "migration.steps-per-event=0 | migration.steps-per-event: expected a whole number from 1 to"
            + " 1000000, or unlimited",
        "rollback.max-error-above-naive=1 | rollback.max-error-above-naive: expected a percentage"
            + " from 0%, such as 100%, or off",
        "rocksdb.memory=256 | rocksdb.memory: expected a size from 16MiB to 1024GiB, such as 64MiB",
        "rocksdb.memory=256MB | rocksdb.memory: expected a size from 16MiB to 1024GiB",
        "rocksdb.memory=15MiB | rocksdb.memory: expected a size from 16MiB to 1024GiB",
        "rocksdb.write-buffer-share=95% | rocksdb.write-buffer-share: expected a percentage from 1%"
            + " to 90%",
        "rocksdb.compression=gzip | rocksdb.compression: expected none, lz4 or zstd",
        "rocksdb.max-open-files=-1 | rocksdb.max-open-files: expected a whole number from 1 to"
            + " 10000000, or unlimited",
        "topic.scores=a/b | topic.scores: expected 1 to 249 of the characters",
        "kafka.processing.guarantee=exactly_once | kafka.processing.guarantee: expected"
            + " exactly_once_v2 or at_least_once",
      })
  void rejectsInvalidValue(String assignment, String message) {
    String value = assignment.substring(assignment.indexOf('=') + 1);

    assertThatExceptionOfType(InvalidSettingsException.class)
        .isThrownBy(() -> config(assignment))
        .withMessageStartingWith("--set: " + message)
        .withMessageEndingWith(", got \"" + value + "\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "events.key=constant: | events.key: expected a constant name without control characters"
            + " and separator, got 'constant:'",
        "events.key=a[0].b | events.key: an index of a list is not supported: [] stands for every"
            + " element, got 'a[0].b'",
        "events.key-format=avro | events.key-format: avro keys require schema.registry.url or"
            + " events.key-schema",
      })
  void rejectsInvalidKey(String assignment, String message) {
    assertThatExceptionOfType(InvalidSettingsException.class)
        .isThrownBy(() -> config(assignment))
        .withMessage("--set: " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "events.min-value=2 events.max-value=1; events.min-value, events.max-value: expected the"
            + " first to be at most the second, got 2.0 and 1.0",
        "events.format=number events.covariates=load; events.covariates: events in the format"
            + " number have no covariates",
        "events.null-values=delete events.key=site; events.null-values: delete requires events.key"
            + " = record",
        "events.format=avro events.plain-avro=true; events.plain-avro: ",
        "schema.registry.user-info=a:b schema.registry.bearer-token=c; schema.registry.user-info,"
            + " schema.registry.bearer-token: expected only one of the two",
        "rocksdb.memory=1GiB kafka.rocksdb.config.setter=a.B; rocksdb.memory,"
            + " kafka.rocksdb.config.setter: expected only one of the two: the class configures",
        "series.time-to-live=PT0.01S; series.time-to-live: expected at least PT0.064S",
        "events.format=avro events.schema=missing.avsc; events.schema: missing.avsc: no such file",
      })
  void rejectsContradictorySettings(String assignments, String message) {
    assertThatExceptionOfType(InvalidSettingsException.class)
        .isThrownBy(() -> config(assignments.split(" ")))
        .withMessageStartingWith("--set: " + message);
  }

  @Test
  void rejectsTopicNameUsedTwice() {
    assertThatExceptionOfType(InvalidSettingsException.class)
        .isThrownBy(() -> config("topic.scores=forecasts"))
        .withMessageContaining("forecasts");
  }
}
