package io.eddy.kafka.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.SeriesLimits;
import io.eddy.admission.TimestampGuard;
import io.eddy.engine.SeriesEngine;
import io.eddy.engine.SeriesUpdate;
import io.eddy.kafka.config.StreamPoliciesBuilder;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.config.StreamSettingsBuilder;
import io.eddy.kafka.event.EventEncoder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.kafka.stream.RecordedStream;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.rollout.Activation;
import io.eddy.rollout.ServingVersion;
import io.eddy.series.Observation;
import io.eddy.series.store.InMemorySeriesStore;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The memory of a verification depends on the number of active series, not on that of events. */
@Tag("slow")
class VerifyMemoryTest {
  private static final byte[] FILE = Models.file(Models.specification(CellKind.GRU, 2, 6), 1);
  private static final Model MODEL = ModelFile.read(FILE);
  private static final long EVENTS = Long.getLong("eddy.verify.events", 100_000);
  private static final int ACTIVE = 40;
  private static final int EVENTS_PER_SERIES = 20;
  private static final long MAX_GROWTH = 6 << 20;

  private final StreamSettings settings =
      StreamSettingsBuilder.settings("m")
          .policies(
              StreamPoliciesBuilder.policies()
                  .series(
                      new SeriesLimits(
                          TimestampGuard.OFF, 1_000_000, 100 * Models.INTERVAL.toMillis()))
                  .build())
          .build();
  private final Activation activation =
      new Activation("m", 1, ModelVersion.of(FILE), (Long) null, "because");
  private long usedAtQuarter;

  /** Series that are active for twenty steps, then new ones; one event of a hundred is invalid. */
  @Test
  void memoryDoesNotGrowWithEvents() {
    DeadLetterIndex dead = new DeadLetterIndex(false);
    Generator generator = new Generator(dead);
    VerifyReport.Builder report = new VerifyReport.Builder(10);
    new PartitionVerifier(
            new PartitionVerifier.Context(
                settings,
                new ActivationTimeline(
                    List.of(new ActivationTimeline.Entry("m/1", activation)), version -> MODEL),
                dead),
            new PartitionVerifier.Offsets(0, 0, EVENTS, EVENTS, false),
            VerifyScope.everything(10),
            report)
        .run(generator.events(), generator.forecasts(), AnomalyRecords.none());

    VerifyReport result = report.build();
    assertThat(result.isConsistent()).as("%s", result.differences()).isTrue();
    assertThat(result.get(VerifyCount.EVENTS)).isEqualTo(EVENTS);
    assertThat(result.get(VerifyCount.COMPARED)).isEqualTo(EVENTS - EVENTS / 100);
    long grown = used() - usedAtQuarter;
    System.out.printf("%,d events: %,d bytes more than at a quarter%n", EVENTS, grown);
    assertThat(grown).isLessThan(MAX_GROWTH);
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** Generates events and their forecasts as they are read. */
  private final class Generator {
    private final SeriesEngine engine = new SeriesEngine(settings.policies().lateness());
    private final ServingVersion serving = new ServingVersion(activation, MODEL);
    private final InMemorySeriesStore[] stores = new InMemorySeriesStore[ACTIVE];
    private final String[] names = new String[ACTIVE];
    private final DeadLetterIndex dead;
    private final EventEncoder encoder = new EventEncoder(EventFormat.JSON);
    private final Queue<ConsumerRecord<byte[], byte[]>> events = new ArrayDeque<>();
    private final Queue<ConsumerRecord<byte[], byte[]>> forecasts = new ArrayDeque<>();
    private long offset;

    Generator(DeadLetterIndex dead) {
      this.dead = dead;
    }

    Iterator<ConsumerRecord<byte[], byte[]>> events() {
      return reader(events);
    }

    Iterator<ConsumerRecord<byte[], byte[]>> forecasts() {
      return reader(forecasts);
    }

    private Iterator<ConsumerRecord<byte[], byte[]>> reader(
        Queue<ConsumerRecord<byte[], byte[]>> queue) {
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          while (queue.isEmpty() && offset < EVENTS) {
            generate();
          }
          return !queue.isEmpty();
        }

        @Override
        public ConsumerRecord<byte[], byte[]> next() {
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          return queue.remove();
        }
      };
    }

    private void generate() {
      if (offset == EVENTS / 4) {
        usedAtQuarter = used();
      }
      long hour = offset / ACTIVE;
      int slot = (int) (offset % ACTIVE);
      long timestampMs = hour * Models.INTERVAL.toMillis();
      String series = "s" + hour / EVENTS_PER_SERIES + "-" + slot;
      byte[] value;
      if (offset % 100 == 99) {
        value = "garbage".getBytes(UTF_8);
        dead.add(0, offset);
      } else {
        Observation observation = new Observation(series, timestampMs, hour % 7 + slot);
        value = encoder.encode(observation);
        forecast(slot, observation);
      }
      events.add(
          RecordedStream.record(
              "sensor-events", offset++, timestampMs, series.getBytes(UTF_8), value));
    }

    private void forecast(int slot, Observation observation) {
      if (!observation.series().equals(names[slot])) {
        names[slot] = observation.series();
        stores[slot] = new InMemorySeriesStore();
      }
      SeriesUpdate update = engine.prepare(stores[slot], observation, serving);
      update.commit();
      update
          .result()
          .forecasts()
          .forEach(
              advanced ->
                  forecasts.add(
                      RecordedStream.record(
                          "forecasts",
                          offset,
                          observation.timestampMs(),
                          observation.series().getBytes(UTF_8),
                          new ForecastCodec()
                              .encode(
                                  new PublishedForecast(
                                      advanced.forecast(),
                                      "m",
                                      new SourcePosition("sensor-events", 0, offset),
                                      new PublishedForecast.Knowledge(1, 0))))));
    }
  }
}
