package io.eddy.kafka.stream;

import static io.eddy.kafka.stream.TopologyFixture.at;
import static io.eddy.kafka.stream.TopologyFixture.by;
import static io.eddy.kafka.stream.TopologyFixture.observation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.eddy.engine.VersionSelector;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.record.ActivationCodec;
import io.eddy.kafka.record.ModelRecords;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.registry.ModelCatalog;
import io.eddy.kafka.registry.ModelLoader;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Activation.Timing;
import io.eddy.rollout.MigrationThrottle;
import io.eddy.rollout.ModelLimits;
import io.eddy.rollout.Scope;
import io.eddy.rollout.ServingVersion;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Order of activations, versions and events. */
final class ActivationOrderTest {
  private static final byte[] FIRST = Models.file(Models.specification(CellKind.GRU, 8, 24), 1);
  private static final byte[] SECOND = Models.file(Models.specification(CellKind.LSTM, 8, 24), 2);
  private static final byte[] THIRD =
      Models.file(Models.specification(CellKind.RNN_TANH, 12, 24), 3);
  private static final Scope PLANT = new Scope.Prefix("plant-7/");

  @TempDir Path folder;
  private TopologyFixture stream;

  @BeforeEach
  void start() {
    stream = TopologyFixture.with(folder, FIRST, SECOND, THIRD);
  }

  @AfterEach
  void stop() {
    stream.close();
  }

  @Test
  void highestEpochServesInAnyOrderOfArrival() {
    stream.activate(3, THIRD);
    stream.activate(1, FIRST);
    assertThat(stream.served("a", 0)).isEqualTo(by(THIRD, 3));

    stream.activate(2, SECOND);

    assertThat(stream.served("a", 1)).isEqualTo(by(THIRD, 3));
    assertThat(stream.served("b", 1)).isEqualTo(by(THIRD, 3));
  }

  @Test
  void ignoresRepeatedActivation() {
    stream.activate(1, FIRST);
    stream.activate(2, SECOND, at(2));
    List<Forecast.Served> served = new ArrayList<>();
    for (int hour = 0; hour < 4; hour++) {
      served.add(Objects.requireNonNull(stream.served("a", hour)));
      stream.activate(2, SECOND, at(2));
      stream.activate(1, FIRST);
    }

    assertThat(served).containsExactly(by(FIRST, 1), by(FIRST, 1), by(SECOND, 2), by(SECOND, 2));
  }

  @Test
  void skipsActivationWithWrongKey() {
    stream.activate(1, FIRST);
    Activation second = new Activation("m", 1, ModelVersion.of(SECOND), at(0), "");

    stream.putActivation("m/9", new ActivationCodec().encode(second));

    assertThat(stream.served("a", 0)).isEqualTo(by(FIRST, 1));
  }

  @Test
  void olderEpochEffectiveLaterNeverServes() {
    stream.activate(5, SECOND);
    assertThat(stream.served("a", 0)).isEqualTo(by(SECOND, 5));

    stream.activate(4, FIRST, at(1));

    assertThat(stream.served("a", 1)).isEqualTo(by(SECOND, 5));
    assertThat(stream.served("a", 2)).isEqualTo(by(SECOND, 5));
  }

  @Test
  void formerVersionServesUntilVersionArrives() {
    byte[] unknown = Models.file(Models.specification(CellKind.GRU, 8, 24), 9);
    stream.activate(1, FIRST);
    stream.activate(2, unknown, at(1));
    assertThat(stream.served("a", 0)).isEqualTo(by(FIRST, 1));
    assertThat(stream.served("a", 1)).isEqualTo(by(FIRST, 1));

    stream.publish(unknown);

    assertThat(stream.served("a", 2)).isEqualTo(by(unknown, 2));
  }

  @Test
  void deadLettersEventsWithoutVersion() {
    stream.activate(1, Models.file(Models.specification(CellKind.GRU, 8, 24), 9));

    assertThat(stream.served("a", 0)).isNull();
    assertThat(stream.deadLetters()).isEqualTo(1);
  }

  /** The activation arrives while series are at different times. */
  @Test
  void eachSeriesMigratesAtItsOwnEventTime() {
    stream.activate(1, FIRST);
    for (int hour = 0; hour < 30; hour++) {
      stream.send("ahead", hour);
    }
    stream.send("behind", 10);

    stream.activate(2, SECOND, at(20));

    assertThat(stream.served("ahead", 30)).isEqualTo(by(SECOND, 2));
    assertThat(stream.served("behind", 11)).isEqualTo(by(FIRST, 1));
    assertThat(stream.served("behind", 19)).isEqualTo(by(FIRST, 1));
    assertThat(stream.served("behind", 20)).isEqualTo(by(SECOND, 2));
    assertThat(stream.served("new", 5)).isEqualTo(by(FIRST, 1));
    assertThat(stream.served("new", 40)).isEqualTo(by(SECOND, 2));
  }

  /**
   * By its hash "sensor-2" migrates after 1.2 of ten hours, "a" after 6.6, "sensor-1" after 7.1.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void spanMigratesEachSeriesAtItsOwnTime(boolean isThereFromTheBegin) {
    Terms terms =
        Terms.serving(Scope.all(), null).at(new Timing(at(20), 10 * (at(1) - at(0)), false));
    stream.activate(1, FIRST);
    if (isThereFromTheBegin) {
      stream.activate(2, SECOND, terms);
    }
    Map<String, Integer> moved = new HashMap<>();
    for (int hour = 0; hour < 32; hour++) {
      if (hour == 19) {
        stream.activate(2, SECOND, terms);
      }
      for (String series : List.of("a", "sensor-1", "sensor-2")) {
        if (by(SECOND, 2).equals(stream.served(series, hour))) {
          moved.putIfAbsent(series, hour);
        }
      }
    }

    assertThat(moved).containsOnly(entry("sensor-2", 22), entry("a", 27), entry("sensor-1", 28));
  }

  /** A higher epoch replaces one that series have not migrated to yet. */
  @Test
  void higherEpochReplacesPendingOne(@TempDir Path other) {
    try (TopologyFixture waiting = new TopologyFixture(other, new MigrationThrottle(1, 0))) {
      waiting.publish(FIRST);
      waiting.publish(SECOND);
      waiting.publish(THIRD);
      waiting.activate(1, FIRST);
      for (int hour = 0; hour < 30; hour++) {
        waiting.send("a", hour);
        waiting.send("b", hour);
      }
      waiting.activate(3, THIRD);
      waiting.activate(2, SECOND);

      assertThat(waiting.served("a", 30)).isEqualTo(by(THIRD, 3));
      assertThat(waiting.served("b", 30)).isEqualTo(by(FIRST, 1));
      assertThat(waiting.served("new", 30)).isEqualTo(by(THIRD, 3));
      waiting.activate(4, SECOND);
      List<Forecast.Served> served = new ArrayList<>();
      for (int hour = 31; hour < 60; hour++) {
        served.add(Objects.requireNonNull(waiting.served("b", hour)));
      }
      assertThat(served).startsWith(by(FIRST, 1)).endsWith(by(SECOND, 4));
      assertThat(new HashSet<>(served)).containsOnly(by(FIRST, 1), by(SECOND, 4));
    }
  }

  /** An event before the latest time of its series is late, whichever version serves its time. */
  @Test
  void lateEventDoesNotMigrateBack() {
    stream.activate(1, FIRST);
    stream.activate(2, SECOND, at(5));
    stream.send("a", 4);
    stream.send("a", 5);

    assertThat(stream.send("a", 3)).isNull();

    assertThat(stream.deadLetters()).isZero();
    assertThat(stream.served("a", 6)).isEqualTo(by(SECOND, 2));
  }

  @Test
  void seriesLeavingScopeUsesWiderScope() {
    stream.activate(1, FIRST);
    stream.activate(2, SECOND, Terms.serving(PLANT, null));
    Model first = ModelFile.read(FIRST);
    SeriesState cold = SeriesState.inMemory(first);
    StepFunction steps = new StepFunction();
    for (int hour = 0; hour < 50; hour++) {
      assertThat(stream.served("plant-7/a", hour)).isEqualTo(by(SECOND, 2));
      assertThat(stream.served("plant-8/a", hour)).isEqualTo(by(FIRST, 1));
      if (hour >= 50 - 24) {
        steps.apply(cold, observation("plant-7/a", hour), first, 1);
      }
    }

    stream.activate(3, SECOND, Terms.ending(PLANT, Role.SERVE, at(50)));

    for (int hour = 50; hour < 60; hour++) {
      PublishedForecast forecast = Objects.requireNonNull(stream.send("plant-7/a", hour));
      StepResult.Advanced expected =
          (StepResult.Advanced) steps.apply(cold, observation("plant-7/a", hour), first, 1);
      assertThat(forecast.forecast().values()).isEqualTo(expected.forecast().values());
      assertThat(forecast.forecast().origin().served()).isEqualTo(by(FIRST, 1));
    }
  }

  @Test
  void growingShareKeepsItsSeries() {
    stream.activate(1, FIRST);
    List<Integer> counts = new ArrayList<>();
    List<String> before = List.of();
    int hour = 0;
    for (int percent : new int[] {10, 40, 100}) {
      Scope share = Scope.Share.ofPercent(BigDecimal.valueOf(percent));
      stream.activate(2 + hour, SECOND, Terms.serving(share, null));
      List<String> moved = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        String series = "sensor-" + i;
        if (Objects.requireNonNull(stream.served(series, hour))
            .version()
            .equals(ModelVersion.of(SECOND))) {
          moved.add(series);
        }
      }
      assertThat(moved).containsAll(before);
      before = moved;
      counts.add(moved.size());
      hour++;
    }

    assertThat(counts.get(0)).isBetween(3, 17);
    assertThat(counts.get(1)).isBetween(28, 52);
    assertThat(counts.get(2)).isEqualTo(100);
  }

  @Test
  void shadowNeverServes() {
    stream.activate(1, FIRST);
    stream.activate(2, SECOND, Terms.shadowing(Scope.all(), null));
    stream.activate(3, THIRD, Terms.shadowing(PLANT, at(5)));

    assertThat(stream.served("plant-7/a", 0)).isEqualTo(by(FIRST, 1));
    assertThat(stream.served("plant-7/a", 6)).isEqualTo(by(FIRST, 1));
    VersionSelector versions = versions();
    assertThat(shadow(versions, "plant-7/a", 4)).isEqualTo(by(SECOND, 2));
    assertThat(shadow(versions, "plant-7/a", 5)).isEqualTo(by(THIRD, 3));
    assertThat(shadow(versions, "plant-8/a", 5)).isEqualTo(by(SECOND, 2));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void incompletePublicationDoesNotServe(int recordsWritten) {
    byte[] large = Models.file(Models.specification(CellKind.LSTM, 256, 24), 3);
    ModelVersion version = ModelVersion.of(large);
    stream.activate(1, FIRST);
    stream.activate(2, large);
    for (int index = 0; index < recordsWritten; index++) {
      stream.putModel(
          ModelRecords.partKey(version, index), new ModelRecords().encodePart(large, index));
    }
    assertThat(stream.served("a", 0)).isEqualTo(by(FIRST, 1));

    stream.publish(large);

    assertThat(stream.served("a", 1)).isEqualTo(by(large, 2));
  }

  @Test
  void seriesMigratesFromRetiredVersion() {
    stream.activate(1, FIRST);
    for (int hour = 0; hour < 50; hour++) {
      stream.send("a", hour);
    }
    stream.activate(2, SECOND);
    stream.putModel(ModelRecords.manifestKey(ModelVersion.of(FIRST)), null);
    stream.putModel(ModelRecords.partKey(ModelVersion.of(FIRST), 0), null);

    PublishedForecast forecast = Objects.requireNonNull(stream.send("a", 50));

    Model second = ModelFile.read(SECOND);
    SeriesState cold = SeriesState.inMemory(second);
    StepFunction steps = new StepFunction();
    for (int hour = 50 - 24; hour < 50; hour++) {
      steps.apply(cold, observation("a", hour), second, 2);
    }
    StepResult.Advanced expected =
        (StepResult.Advanced) steps.apply(cold, observation("a", 50), second, 2);
    assertThat(forecast.forecast().values()).isEqualTo(expected.forecast().values());
  }

  private VersionSelector versions() {
    return new VersionSelector(
        new GlobalStoreModels(
            "m",
            new ModelCatalog(new ModelLoader(ModelLimits.NONE, List.of())),
            stream.driver().getKeyValueStore(ForecastTopology.ACTIVATIONS),
            stream.driver().getKeyValueStore(ForecastTopology.MODELS)),
        MigrationThrottle.DEFAULT);
  }

  private static Forecast.Served shadow(VersionSelector versions, String series, int hour) {
    ServingVersion shadow = Objects.requireNonNull(versions.shadow(series, at(hour)));
    return new Forecast.Served(shadow.model().version(), shadow.activation().epoch());
  }
}
