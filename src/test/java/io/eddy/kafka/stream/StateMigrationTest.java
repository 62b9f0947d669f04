package io.eddy.kafka.stream;

import static io.eddy.kafka.stream.TopologyFixture.observation;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.model.Covariate;
import io.eddy.model.Model;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Covariates;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Observation;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that a migrated state equals a cold start on the retained steps. */
class StateMigrationTest {
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

  static Stream<Arguments> migrations() {
    byte[] several = Models.ensembleFile(CellKind.GRU, 24, 1);
    byte[] others = Models.combined(SECOND, Models.ensembleFile(CellKind.LSTM, 24, 5));
    return Stream.of(
        Arguments.of("single to single", FIRST, SECOND),
        Arguments.of("single to several", FIRST, several),
        Arguments.of("several to single", several, FIRST),
        Arguments.of("several to others", several, others),
        Arguments.of("several to fewer", others, several));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("migrations")
  void migratedForecastsEqualColdStart(String how, byte[] from, byte[] to) {
    stream.publish(from);
    stream.publish(to);
    stream.activate(1, from);
    Model second = ModelFile.read(to);
    SeriesState cold = SeriesState.inMemory(second);
    StepFunction steps = new StepFunction();
    for (int i = 0; i < 50; i++) {
      stream.process(observation("a", i));
      stream.readForecast();
      if (i >= 50 - 24) {
        steps.apply(cold, observation("a", i), second, 2);
      }
    }
    stream.activate(2, to);

    for (int i = 50; i < 80; i++) {
      stream.process(observation("a", i));

      StepResult.Advanced expected =
          (StepResult.Advanced) steps.apply(cold, observation("a", i), second, 2);
      assertThat(stream.readForecast().forecast().values()).isEqualTo(expected.forecast().values());
    }
  }

  @Test
  void longerContextStartsWithRetainedSteps() {
    byte[] longer = Models.file(Models.specification(CellKind.LSTM, 8, 100), 2);
    stream.publish(FIRST);
    stream.publish(longer);
    stream.activate(1, FIRST);
    Model second = ModelFile.read(longer);
    SeriesState cold = SeriesState.inMemory(second);
    StepFunction steps = new StepFunction();
    for (int i = 0; i < 200; i++) {
      stream.process(observation("a", i));
      stream.readForecast();
      if (i >= 200 - 24) {
        steps.apply(cold, observation("a", i), second, 2);
      }
    }
    stream.activate(2, longer);

    for (int i = 200; i < 320; i++) {
      stream.process(observation("a", i));

      StepResult.Advanced expected =
          (StepResult.Advanced) steps.apply(cold, observation("a", i), second, 2);
      assertThat(stream.readForecast().forecast().values()).isEqualTo(expected.forecast().values());
    }
  }

  @Test
  void usesCovariatesAcrossMigration() {
    byte[] second =
        Models.file(
            Models.withCovariates(
                Models.specification(CellKind.LSTM, 8, 24),
                Covariate.past("load"),
                Covariate.staticCovariate("height", 100, 20)),
            2);
    stream.publish(FIRST);
    stream.publish(second);
    stream.activate(1, FIRST);
    stream.activate(2, second, withLoad(50).timestampMs());
    StepFunction steps = new StepFunction();
    Model model = ModelFile.read(second);
    SeriesState cold = SeriesState.inMemory(model);

    for (int i = 0; i < 120; i++) {
      stream.process(withLoad(i));
      PublishedForecast published = stream.readForecast();
      if (i >= 50 - 24) {
        StepResult result = steps.apply(cold, withLoad(i), model, 2);
        if (i >= 50) {
          assertThat(published.forecast().values())
              .isEqualTo(((StepResult.Advanced) result).forecast().values());
        }
      }
    }
  }

  @Test
  void usesFutureCovariatesAcrossMigration() {
    byte[] second =
        Models.file(
            Models.withCovariates(
                Models.withStepsDecoder(Models.specification(CellKind.LSTM, 8, 24), 5),
                Covariate.future("load"),
                Covariate.staticCovariate("height", 100, 20)),
            2);
    stream.publish(FIRST);
    stream.publish(second);
    stream.activate(1, FIRST);
    stream.activate(2, second, withLoad(50).timestampMs());
    StepFunction steps = new StepFunction();
    Model model = ModelFile.read(second);
    SeriesState cold = SeriesState.inMemory(model);

    for (int i = 0; i < 120; i++) {
      double[] ahead = new double[i % 6];
      Arrays.setAll(ahead, j -> ahead.length == j + 2 ? Double.NaN : StrictMath.cos(j));
      Observation event =
          withLoad(i).withFutureCovariates(FutureCovariates.of(Map.of("load", ahead)));
      stream.process(event);
      PublishedForecast published = stream.readForecast();
      if (i >= 50 - 24) {
        StepResult result = steps.apply(cold, event, model, 2);
        if (i >= 50) {
          assertThat(published.forecast().values())
              .isEqualTo(((StepResult.Advanced) result).forecast().values());
        }
      }
    }
  }

  /** The load is missing now and then. */
  private static Observation withLoad(int hour) {
    Observation value = observation("a", hour);
    double load = StrictMath.cos(hour / 3.0);
    return new Observation(
        "a",
        value.timestampMs(),
        value.value(),
        new Covariates(
            hour % 5 == 0 ? Map.of("height", 117.0) : Map.of("load", load, "height", 117.0)));
  }
}
