package io.eddy.kafka.stream;

import static io.eddy.kafka.stream.TopologyFixture.by;
import static io.eddy.kafka.stream.TopologyFixture.observation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eddy.engine.VersionSelector;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.kafka.registry.ModelCatalog;
import io.eddy.kafka.registry.ModelLoader;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.rollout.Manifest;
import io.eddy.rollout.MigrationThrottle;
import io.eddy.rollout.ModelLimits;
import io.eddy.series.Observation;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks which version serves an event. */
class VersionSelectionTest {
  private static final byte[] FIRST = Models.file(Models.specification(CellKind.GRU, 8, 24), 1);
  private static final byte[] SECOND = Models.file(Models.specification(CellKind.LSTM, 8, 24), 2);

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
  void immediateActivationServesNextEvent() {
    stream.publish(FIRST);
    stream.publish(SECOND);
    stream.activate(1, FIRST);
    stream.process(observation("a", 0));
    stream.activate(2, SECOND);
    stream.process(observation("a", 1));

    assertThat(stream.readServed()).isEqualTo(by(FIRST, 1));
    assertThat(stream.readServed()).isEqualTo(by(SECOND, 2));
  }

  @Test
  void activationServesFromItsEventTime() {
    stream.publish(FIRST);
    stream.publish(SECOND);
    stream.activate(1, FIRST);
    stream.activate(2, SECOND, observation("a", 3).timestampMs());
    List<Forecast.Served> a = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      stream.process(observation("a", i));
      a.add(stream.readServed());
    }
    stream.process(observation("late-starter", 1));

    assertThat(a)
        .containsExactly(by(FIRST, 1), by(FIRST, 1), by(FIRST, 1), by(SECOND, 2), by(SECOND, 2));
    assertThat(stream.readServed()).isEqualTo(by(FIRST, 1));
  }

  @Test
  void rollbackIsHigherEpochOfOldVersion() {
    stream.publish(FIRST);
    stream.publish(SECOND);
    stream.activate(1, FIRST);
    stream.activate(2, SECOND);
    stream.process(observation("a", 0));
    stream.activate(3, FIRST);
    stream.process(observation("a", 1));

    assertThat(stream.readServed()).isEqualTo(by(SECOND, 2));
    assertThat(stream.readServed()).isEqualTo(by(FIRST, 3));
  }

  @Test
  void oldVersionServesUntilNewOneIsComplete() {
    stream.publish(FIRST);
    stream.activate(1, FIRST);
    stream.activate(2, SECOND);
    stream.process(observation("a", 0));
    stream.publish(SECOND);
    stream.process(observation("a", 1));

    assertThat(stream.readServed()).isEqualTo(by(FIRST, 1));
    assertThat(stream.readServed()).isEqualTo(by(SECOND, 2));
  }

  @Test
  void refusesAlteredVersion() {
    stream.publish(FIRST);
    stream.activate(1, FIRST);
    byte[] altered = SECOND.clone();
    altered[altered.length - 1] ^= 1;
    stream.publish(
        new Manifest("m", ModelVersion.of(SECOND), altered.length, 1, "{}", Instant.EPOCH),
        altered);
    stream.activate(2, SECOND);

    stream.process(observation("a", 0));

    assertThat(stream.readServed()).isEqualTo(by(FIRST, 1));
  }

  @Test
  void releasesFormerVersions() {
    int count = 200;
    byte[] first = Models.file(Models.specification(CellKind.GRU, 4, 24), 0);
    for (int i = 0; i < count; i++) {
      byte[] file = Models.file(Models.specification(CellKind.GRU, 4, 24), i);
      stream.publish(file);
      stream.activate(i + 1, file, observation("a", i).timestampMs());
    }
    VersionSelector versions =
        new VersionSelector(
            new GlobalStoreModels(
                "m",
                new ModelCatalog(new ModelLoader(ModelLimits.NONE, List.of())),
                stream.driver().getKeyValueStore(ForecastTopology.ACTIVATIONS),
                stream.driver().getKeyValueStore(ForecastTopology.MODELS)),
            MigrationThrottle.DEFAULT);
    StepFunction steps = new StepFunction();
    List<WeakReference<Model>> served = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      served.add(new WeakReference<>(forecast(versions, steps, i)));
    }

    await()
        .untilAsserted(
            () -> {
              System.gc();
              assertThat(served.stream().filter(model -> model.get() != null))
                  .hasSizeLessThanOrEqualTo(16);
            });
    assertThat(forecast(versions, steps, 0).version()).isEqualTo(ModelVersion.of(first));
  }

  /** Forecasts with the version that serves an hour; returns its model. */
  private static Model forecast(VersionSelector versions, StepFunction steps, int hour) {
    Observation observation = observation("a", hour);
    Model model =
        Objects.requireNonNull(versions.select("a", observation.timestampMs()).version()).model();
    steps.apply(SeriesState.inMemory(model), observation, model, 1);
    return model;
  }
}
