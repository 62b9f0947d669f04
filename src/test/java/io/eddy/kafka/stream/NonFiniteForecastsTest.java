package io.eddy.kafka.stream;

import static io.eddy.kafka.stream.TopologyFixture.by;
import static io.eddy.kafka.stream.TopologyFixture.observation;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fallback from forecasts that are not finite. */
final class NonFiniteForecastsTest {
  private static final ModelSpecification SMALL = Models.specification(CellKind.GRU, 8, 24);
  private static final byte[] GOOD = Models.file(SMALL, 1);
  private static final byte[] OVERFLOWING = Models.overflowingFile(SMALL);

  @TempDir Path folder;
  private TopologyFixture stream;

  @BeforeEach
  void start() {
    stream = TopologyFixture.with(folder, GOOD, OVERFLOWING);
  }

  @AfterEach
  void stop() {
    stream.close();
  }

  @Test
  void lastGoodVersionForecastsFromSameState() {
    stream.activate(1, GOOD);
    Model model = ModelFile.read(GOOD);
    SeriesState alone = SeriesState.inMemory(model);
    StepFunction steps = new StepFunction();
    for (int hour = 0; hour < 60; hour++) {
      if (hour == 40) {
        stream.scores();
        stream.activate(2, OVERFLOWING);
      }
      StepResult.Advanced expected =
          (StepResult.Advanced) steps.apply(alone, observation("a", hour), model, 1);
      PublishedForecast published = Objects.requireNonNull(stream.send("a", hour));
      assertThat(published.forecast().values()).isEqualTo(expected.forecast().values());
      assertThat(published.forecast().origin().served()).isEqualTo(by(GOOD, 1));
      assertThat(published.known().skipped()).isEqualTo(hour < 40 ? 0 : 1);
    }

    assertThat(stream.deadLetters()).isZero();
    assertThat(stream.scores())
        .filteredOn(score -> score.failure() != null)
        .singleElement()
        .satisfies(
            score -> {
              assertThat(score.role()).isEqualTo(Role.SERVE);
              assertThat(score.score().origin().served()).isEqualTo(by(OVERFLOWING, 2));
            });
  }

  @Test
  void deadLettersEventWithoutFiniteForecast() {
    stream.activate(1, OVERFLOWING);

    assertThat(stream.send("a", 0)).isNull();
    assertThat(stream.send("a", 1)).isNull();

    assertThat(stream.deadLetters()).isEqualTo(2);
    assertThat(stream.scores()).extracting(PublishedScore::failure).isEmpty();
  }

  @Test
  void retriesNewActivationOfSameVersion() {
    stream.activate(1, GOOD);
    stream.activate(2, OVERFLOWING);
    stream.send("a", 0);
    stream.activate(3, OVERFLOWING);
    stream.send("a", 1);

    assertThat(stream.scores())
        .filteredOn(score -> score.failure() != null)
        .extracting(score -> score.score().origin().served().epoch())
        .containsExactly(2L, 3L);
  }
}
