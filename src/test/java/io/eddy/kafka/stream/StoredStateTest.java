package io.eddy.kafka.stream;

import static io.eddy.kafka.stream.TopologyFixture.observation;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.model.Model;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Observation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks the contents of the state stores, and the state that is restored from them. */
class StoredStateTest {
  private static final byte[] FIRST = Models.file(Models.specification(CellKind.GRU, 8, 24), 1);

  private TopologyFixture stream;

  @BeforeEach
  void start(@TempDir Path folder) {
    stream = TopologyFixture.withCovariates(folder, List.of("load", "height"));
  }

  @AfterEach
  void stop() {
    stream.close();
  }

  @Test
  void streamEqualsStateInMemory() {
    byte[] before = calibrated(CellKind.LSTM, List.of(1, 3, 24));
    byte[] after = calibrated(CellKind.GRU, List.of(2, 36, 1));
    stream.publish(before);
    stream.publish(after);
    stream.activate(1, before);
    stream.activate(2, after, observation("a", 60).timestampMs());
    stream.activate(3, before, observation("a", 120).timestampMs());
    SeriesState state = SeriesState.inMemory(ModelFile.read(before));
    StepFunction steps = new StepFunction();

    for (int i = 0; i < 260; i++) {
      // Gaps to impute after 40 and 140 steps, a longer one after 200.
      int gap = (i > 40 ? 2 : 0) + (i > 140 ? 2 : 0) + (i > 200 ? 50 : 0);
      Observation observation = observation("a", i + gap);
      stream.process(observation);

      PublishedForecast published = stream.readForecast();
      Forecast.Served served = published.forecast().origin().served();
      byte[] file = served.epoch() == 2 ? after : before;
      StepResult.Advanced expected =
          (StepResult.Advanced)
              steps.apply(state, observation, ModelFile.read(file), served.epoch());
      assertThat(published.forecast().values()).isEqualTo(expected.forecast().values());
      assertThat(published.forecast().origin()).isEqualTo(expected.forecast().origin());
    }
    assertThat(state.served().epoch()).isEqualTo(3);
  }

  @Test
  void restoredStateEqualsOnePass(@TempDir Path other) {
    byte[] file = calibrated(CellKind.LSTM, List.of(1, 5, 24));
    stream.publish(file);
    stream.activate(1, file);
    Model model = ModelFile.read(file);
    SeriesState state = SeriesState.inMemory(model);
    StepFunction steps = new StepFunction();
    for (int i = 0; i < 70; i++) {
      stream.process(observation("a", i));
      steps.apply(state, observation("a", i), model, 1);
    }
    List<TestRecord<byte[], byte[]>> states = changelog(ForecastTopology.STATES);
    List<TestRecord<byte[], byte[]>> windows = changelog(ForecastTopology.WINDOWS);

    stream.close();
    start(other);
    stream.publish(file);
    stream.activate(1, file);
    restore(states, windows);

    for (int i = 70; i < 140; i++) {
      stream.process(observation("a", i));
      StepResult.Advanced expected =
          (StepResult.Advanced) steps.apply(state, observation("a", i), model, 1);
      assertThat(stream.readForecast().forecast().values()).isEqualTo(expected.forecast().values());
    }
  }

  /** A crash may leave this behind, because the stores are not written in one transaction. */
  @Test
  void slotAheadOfStateRebuildsState() {
    byte[] file = dilated(CellKind.GRU, List.of(1, 5));
    stream.publish(file);
    stream.activate(1, file);
    Model model = ModelFile.read(file);
    SeriesState cold = SeriesState.inMemory(model);
    StepFunction steps = new StepFunction();
    var states = stream.driver().<String, byte[]>getKeyValueStore(ForecastTopology.STATES);
    for (int i = 0; i < 50; i++) {
      stream.process(observation("a", i));
    }
    byte[] behind = states.get("a");
    stream.process(observation("a", 50));
    states.put("a", behind);
    stream.forecastsTopic().readRecordsToList();
    for (int i = 51 - 24; i < 50; i++) {
      steps.apply(cold, observation("a", i), model, 1);
    }

    for (int i = 50; i < 90; i++) {
      stream.process(observation("a", i));
      StepResult.Advanced expected =
          (StepResult.Advanced) steps.apply(cold, observation("a", i), model, 1);
      assertThat(stream.readForecast().forecast().values()).isEqualTo(expected.forecast().values());
    }
  }

  @Test
  void deletesSlotsOfLargerRings() {
    byte[] wide = dilated(CellKind.GRU, List.of(1, 30, 7));
    byte[] narrow = dilated(CellKind.GRU, List.of(1, 4, 1));
    stream.publish(wide);
    stream.publish(narrow);
    stream.publish(FIRST);
    stream.activate(1, wide);
    List<Integer> slots = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      if (i == 50) {
        slots.add(slots());
        stream.activate(2, narrow);
      } else if (i == 100) {
        slots.add(slots());
        stream.activate(3, FIRST);
      }
      stream.process(observation("a", i));
    }
    slots.add(slots());

    assertThat(slots).containsExactly(37, 4, 0);
  }

  @Test
  void bytesPerEventDoNotGrowWithHistory() {
    stream.publish(FIRST);
    stream.activate(1, FIRST);
    var states = stream.driver().<String, byte[]>getKeyValueStore(ForecastTopology.STATES);
    int largest = 0;
    for (int i = 0; i < 300; i++) {
      stream.process(observation("a", i));
      if (i == 32) {
        largest = 0;
      }
      largest = i < 64 ? Math.max(largest, states.get("a").length) : largest;
      assertThat(states.get("a").length).isLessThanOrEqualTo(i < 64 ? 1 << 20 : largest);
    }
  }

  @Test
  void bytesPerEventDoNotGrowWithDilation() {
    List<List<Integer>> narrow = putsOfEvents("narrow", dilated(CellKind.LSTM, List.of(1, 2, 4)));
    List<List<Integer>> wide = putsOfEvents("wide", dilated(CellKind.LSTM, List.of(1, 24, 168)));

    assertThat(wide).isEqualTo(narrow);
    // The state and one slot for each dilated layer; sometimes a segment or a pending forecast.
    assertThat(wide).allSatisfy(sizes -> assertThat(sizes).hasSizeBetween(3, 5));
  }

  /** A dilated model with calibrated quantiles. */
  private static byte[] calibrated(CellKind kind, List<Integer> dilations) {
    return Models.file(
        Models.calibrated(Models.withLayers(Models.specification(kind, 8, 24), dilations, 3)), 1);
  }

  private static byte[] dilated(CellKind kind, List<Integer> dilations) {
    return Models.file(Models.withLayers(Models.specification(kind, 8, 24), dilations, 3), 1);
  }

  /** Returns the sizes of the values that each event puts, once every ring is full. */
  private List<List<Integer>> putsOfEvents(String series, byte[] file) {
    stream.publish(file);
    stream.activate(series.equals("narrow") ? 1 : 2, file);
    List<List<Integer>> puts = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      stream.process(observation(series, i));
      List<Integer> sizes = new ArrayList<>();
      for (String store : List.of(ForecastTopology.STATES, ForecastTopology.WINDOWS)) {
        changelog(store).stream()
            .filter(put -> put.value() != null)
            .forEach(put -> sizes.add(put.value().length));
      }
      sizes.sort(null);
      if (i >= 200) {
        puts.add(sizes);
      }
    }
    return puts;
  }

  /** Counts the ring slots in the window store. */
  private int slots() {
    int slots = 0;
    try (var all =
        stream.driver().<Bytes, byte[]>getKeyValueStore(ForecastTopology.WINDOWS).all()) {
      while (all.hasNext()) {
        byte[] key = all.next().key.get();
        slots += ByteBuffer.wrap(key).getLong(key.length - 8) < Integer.MIN_VALUE ? 1 : 0;
      }
    }
    return slots;
  }

  /** Returns the changes of a store since the last call; a value is null if it was deleted. */
  private List<TestRecord<byte[], byte[]>> changelog(String store) {
    return stream
        .driver()
        .createOutputTopic(
            "test-" + store + "-changelog",
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())
        .readRecordsToList();
  }

  private void restore(
      List<TestRecord<byte[], byte[]>> states, List<TestRecord<byte[], byte[]>> windows) {
    var stateStore = stream.driver().<String, byte[]>getKeyValueStore(ForecastTopology.STATES);
    states.forEach(
        put -> stateStore.put(new String(put.key(), StandardCharsets.UTF_8), put.value()));
    var windowStore = stream.driver().<Bytes, byte[]>getKeyValueStore(ForecastTopology.WINDOWS);
    windows.forEach(put -> windowStore.put(Bytes.wrap(put.key()), put.value()));
  }
}
