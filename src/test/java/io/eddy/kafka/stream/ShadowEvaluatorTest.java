package io.eddy.kafka.stream;

import static io.eddy.kafka.stream.TopologyFixture.at;
import static io.eddy.kafka.stream.TopologyFixture.by;
import static io.eddy.kafka.stream.TopologyFixture.observation;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.record.PublishedScore;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.MigrationThrottle;
import io.eddy.rollout.Scope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shadows, and their isolation from the serving version. */
final class ShadowEvaluatorTest {
  private static final ModelSpecification SMALL = Models.specification(CellKind.GRU, 8, 24);
  private static final byte[] SERVING = Models.file(SMALL, 1);
  private static final byte[] SHADOW =
      Models.file(
          Models.withLayers(Models.specification(CellKind.LSTM, 6, 40), List.of(1, 5), 3), 2);
  private static final byte[] OTHER = Models.file(Models.specification(CellKind.GRU, 6, 30), 3);
  private static final byte[] OVERFLOWING = Models.overflowingFile(SMALL);

  @TempDir Path folder;
  private TopologyFixture stream;

  @BeforeEach
  void start() {
    stream = TopologyFixture.with(folder, SERVING, SHADOW, OTHER, OVERFLOWING);
    stream.activate(1, SERVING);
  }

  @AfterEach
  void stop() {
    stream.close();
  }

  @Test
  void shadowDoesNotChangeServingForecasts() {
    Model model = ModelFile.read(SERVING);
    SeriesState alone = SeriesState.inMemory(model);
    StepFunction steps = new StepFunction();

    for (int hour = 0; hour < 80; hour++) {
      if (hour == 30) {
        shadow(2, SHADOW);
      }
      StepResult.Advanced expected =
          (StepResult.Advanced) steps.apply(alone, observation("a", hour), model, 1);
      assertThat(send(hour).forecast().values()).isEqualTo(expected.forecast().values());
    }
    assertThat(stream.scores()).extracting(PublishedScore::role).contains(Role.SHADOW);
  }

  @Test
  void shadowStartsFromWindowOfServingState() {
    for (int hour = 0; hour < 50; hour++) {
      send(hour);
    }
    stream.scores();
    shadow(2, SHADOW);
    // The serving version has a context of 24, so the last 24 steps are retained.
    Model model = ModelFile.read(SHADOW);
    SeriesState cold = SeriesState.inMemory(model);
    StepFunction steps = new StepFunction();
    Map<Long, Forecast> expected = new HashMap<>();
    for (int hour = 50 - 24; hour < 120; hour++) {
      StepResult.Advanced advanced =
          (StepResult.Advanced) steps.apply(cold, observation("a", hour), model, 2);
      expected.put(at(hour), advanced.forecast());
      if (hour >= 50) {
        send(hour);
      }
    }

    List<Score> scores = scoresOf(Role.SHADOW);
    assertThat(scores).hasSizeGreaterThan(10);
    for (Score score : scores) {
      Forecast forecast = Objects.requireNonNull(expected.get(score.origin().timestampMs()));
      assertThat(score.origin().served()).isEqualTo(by(SHADOW, 2));
      for (int step = 1; step <= 4; step++) {
        double actual =
            observation("a", (int) (forecast.timestampMs(step) / Models.INTERVAL.toMillis()) - 100)
                .value();
        assertThat(score.absoluteError()[step - 1])
            .isEqualTo((float) Math.abs(actual - forecast.median(step)));
      }
    }
  }

  @Test
  void scoresBothRolesOnSameOrigins() {
    send(0);
    shadow(2, SHADOW);
    for (int hour = 1; hour < 100; hour++) {
      send(hour);
    }

    List<PublishedScore> scores = stream.scores();
    List<Long> serving = origins(scores, Role.SERVE);
    List<Long> shadowing = origins(scores, Role.SHADOW);
    assertThat(shadowing).hasSizeGreaterThan(15).isEqualTo(serving.subList(1, serving.size()));
  }

  @Test
  void migrationBudgetLimitsStartingShadows(@TempDir Path other) {
    // Every event earns two steps and nothing is saved: a context of 40 takes 20 events.
    try (TopologyFixture tight = new TopologyFixture(other, new MigrationThrottle(2, 0))) {
      tight.publish(SERVING);
      tight.publish(SHADOW);
      tight.activate(1, SERVING);
      Map<String, Integer> begun = new HashMap<>();
      for (int hour = 0; hour < 80; hour++) {
        if (hour == 30) {
          tight.activate(2, SHADOW, Terms.shadowing(Scope.all(), null));
        }
        for (String series : List.of("a", "b", "c")) {
          PublishedForecast forecast = Objects.requireNonNull(tight.send(series, hour));
          assertThat(forecast.forecast().origin().served()).isEqualTo(by(SERVING, 1));
        }
        for (String series : tight.shadowed()) {
          begun.putIfAbsent(series, hour);
        }
      }

      assertThat(begun).isEqualTo(Map.of("a", 30, "c", 36, "b", 43));
      assertThat(tight.scores())
          .filteredOn(score -> score.role() == Role.SHADOW)
          .extracting(score -> score.score().origin().series())
          .contains("a", "b", "c");
    }
  }

  @Test
  void shadowOfNewSeriesCostsNoBudget(@TempDir Path other) {
    try (TopologyFixture tight = new TopologyFixture(other, new MigrationThrottle(2, 0))) {
      tight.publish(SERVING);
      tight.publish(SHADOW);
      tight.activate(1, SERVING);
      tight.activate(2, SHADOW, Terms.shadowing(Scope.all(), null));
      for (String series : List.of("a", "b", "c")) {
        tight.send(series, 0);
      }

      assertThat(tight.shadowed()).containsExactly("a", "b", "c");
    }
  }

  @Test
  void scoresContainNaiveErrorAndCoverage() {
    shadow(2, OTHER);
    List<PublishedForecast> forecasts = new ArrayList<>();
    for (int hour = 0; hour < 24; hour++) {
      forecasts.add(send(hour));
    }

    List<Score> scores = scoresOf(Role.SERVE);
    Score score = scores.get(3);
    int origin = (int) (score.origin().timestampMs() / Models.INTERVAL.toMillis()) - 100;
    for (int step = 1; step <= 4; step++) {
      double x = observation("a", origin + step).value();
      // The season is six steps.
      double naive = observation("a", origin + step - 6).value();
      assertThat(score.naiveAbsoluteError()[step - 1]).isEqualTo((float) Math.abs(x - naive));
      int below = 0;
      for (int k = 0; k < 3; k++) {
        below += forecasts.get(origin).forecast().value(step, k) < x ? 1 : 0;
      }
      assertThat(score.quantilesBelow()[step - 1]).isEqualTo(below);
    }
    double sum = 0;
    for (Score earlier : scores.subList(0, 4)) {
      for (float error : earlier.naiveAbsoluteError()) {
        sum += error;
      }
    }
    assertThat(score.naiveMeanError()).isCloseTo(sum / 16, within());
  }

  /** Tolerance: errors are rounded to float32 in the score, but not in the mean. */
  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-6);
  }

  @Test
  void deletesStateOfEndedShadow() {
    for (int hour = 0; hour < 40; hour++) {
      send(hour);
    }
    assertThat(stream.shadowEntries()).isZero();

    shadow(2, SHADOW);
    for (int hour = 40; hour < 60; hour++) {
      send(hour);
      stream.send("b", hour);
    }
    assertThat(stream.shadowEntries()).isPositive();
    stream.activate(3, SHADOW, Terms.ending(Scope.all(), Role.SHADOW, null));
    stream.advanceWallClock(Duration.ofSeconds(1));

    assertThat(stream.shadowEntries()).isZero();
  }

  @Test
  void shadowEndsAtItsEventTime() {
    shadow(2, SHADOW);
    for (int hour = 0; hour < 10; hour++) {
      send(hour);
    }
    stream.activate(3, SHADOW, Terms.ending(Scope.all(), Role.SHADOW, at(12)));
    stream.advanceWallClock(Duration.ofSeconds(2));
    send(11);
    assertThat(stream.shadowEntries()).isPositive();

    send(12);

    assertThat(stream.shadowEntries()).isZero();
  }

  @Test
  void shadowsOnlySeriesOfItsScope() {
    stream.activate(2, SHADOW, Terms.shadowing(new Scope.Prefix("b"), null));
    for (int hour = 0; hour < 20; hour++) {
      send(hour);
      stream.send("b", hour);
    }

    List<PublishedScore> scores = stream.scores();
    assertThat(scores)
        .filteredOn(score -> score.role() == Role.SHADOW)
        .isNotEmpty()
        .allMatch(score -> score.score().origin().series().equals("b"));
  }

  /** The calibration must not overwrite the shadow's state. */
  @Test
  void calibratedShadowContinues() {
    byte[] calibrated = Models.file(Models.calibrated(SMALL), 9);
    stream.publish(calibrated);
    shadow(2, calibrated);
    for (int hour = 0; hour < 100; hour++) {
      send(hour);
    }

    assertThat(stream.scores())
        .filteredOn(score -> score.role() == Role.SHADOW)
        .hasSizeGreaterThan(2)
        .allSatisfy(score -> assertThat(score.failure()).isNullOrEmpty());
  }

  @Test
  void newShadowReplacesOldOne() {
    shadow(2, SHADOW);
    for (int hour = 0; hour < 30; hour++) {
      send(hour);
    }
    stream.scores();
    shadow(3, OTHER);
    for (int hour = 30; hour < 60; hour++) {
      send(hour);
    }

    assertThat(scoresOf(Role.SHADOW))
        .isNotEmpty()
        .allMatch(score -> score.origin().served().equals(by(OTHER, 3)));
  }

  @Test
  void nonFiniteShadowFailsOnce() {
    shadow(2, OVERFLOWING);
    Model model = ModelFile.read(SERVING);
    SeriesState alone = SeriesState.inMemory(model);
    StepFunction steps = new StepFunction();
    for (int hour = 0; hour < 40; hour++) {
      StepResult.Advanced expected =
          (StepResult.Advanced) steps.apply(alone, observation("a", hour), model, 1);
      assertThat(send(hour).forecast().values()).isEqualTo(expected.forecast().values());
    }

    assertThat(stream.scores())
        .filteredOn(score -> score.role() == Role.SHADOW)
        .singleElement()
        .satisfies(
            score -> {
              assertThat(score.failure()).isEqualTo("its forecast is not finite");
              assertThat(score.score().origin().served()).isEqualTo(by(OVERFLOWING, 2));
            });
  }

  @Test
  void unpublishedShadowDoesNotAffectServing() {
    shadow(2, Models.file(SMALL, 77));

    assertThat(send(0).forecast().origin().served()).isEqualTo(by(SERVING, 1));
    assertThat(stream.shadowEntries()).isZero();
  }

  @Test
  void shadowOfClassesFails() {
    byte[] classes = Models.file(Models.ofClasses(CellKind.GRU, 8, 3), 1);
    stream.publish(classes);
    shadow(2, classes);
    for (int hour = 0; hour < 10; hour++) {
      assertThat(send(hour).forecast().origin().served()).isEqualTo(by(SERVING, 1));
    }

    assertThat(stream.scores())
        .filteredOn(score -> score.role() == Role.SHADOW)
        .singleElement()
        .satisfies(score -> assertThat(score.failure()).startsWith("value: expected a class"));
  }

  private void shadow(long epoch, byte[] file) {
    stream.activate(epoch, file, Terms.shadowing(Scope.all(), null));
  }

  private PublishedForecast send(int hour) {
    return Objects.requireNonNull(stream.send("a", hour), "no forecast");
  }

  private List<Score> scoresOf(Role role) {
    return stream.scores().stream()
        .filter(score -> score.role() == role)
        .map(PublishedScore::score)
        .toList();
  }

  private static List<Long> origins(List<PublishedScore> scores, Role role) {
    return scores.stream()
        .filter(score -> score.role() == role)
        .map(score -> score.score().origin().timestampMs())
        .toList();
  }
}
