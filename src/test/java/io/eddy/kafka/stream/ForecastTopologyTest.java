package io.eddy.kafka.stream;

import static io.eddy.kafka.stream.TopologyFixture.observation;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.Score;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.record.ScoreCodec;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.Model;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Observation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForecastTopologyTest {
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final TopicNames TOPICS = TopicNames.DEFAULT;
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
  void forecastsEveryEventWithItsSource() {
    stream.publish(FIRST);
    stream.activate(1, FIRST);
    Model model = ModelFile.read(FIRST);
    SeriesState state = SeriesState.inMemory(model);
    StepFunction steps = new StepFunction();

    for (int i = 0; i < 60; i++) {
      Observation observation = observation("a", i);
      stream.process(observation);

      PublishedForecast published = stream.readForecast();
      StepResult.Advanced expected =
          (StepResult.Advanced) steps.apply(state, observation, model, 1);
      assertThat(published.forecast().values()).isEqualTo(expected.forecast().values());
      assertThat(published.forecast().origin()).isEqualTo(expected.forecast().origin());
      assertThat(published.source()).isEqualTo(new SourcePosition(TOPICS.events(), 0, i));
      assertThat(published.model()).isEqualTo("m");
    }
  }

  @Test
  void seriesAreIndependent() {
    stream.publish(FIRST);
    stream.activate(1, FIRST);
    List<double[]> alone = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      stream.process(observation("a", i));
      alone.add(stream.readForecast().forecast().values());
    }

    for (int i = 0; i < 40; i++) {
      stream.process(new Observation("b", (100 + i) * HOUR, 1000 + i));
      stream.readForecast();
      stream.process(
          new Observation("c", observation("a", i).timestampMs(), observation("a", i).value()));
      assertThat(stream.readForecast().forecast().values()).isEqualTo(alone.get(i));
    }
  }

  @Test
  void dropsDuplicateEvent() {
    stream.publish(FIRST);
    stream.activate(1, FIRST);

    stream.process(observation("a", 0));
    stream.process(observation("a", 0));

    assertThat(stream.forecastsTopic().getQueueSize()).isEqualTo(1);
    assertThat(stream.deadLettersTopic().isEmpty()).isTrue();
  }

  @Test
  void scoresForecastAfterItsHorizon() {
    stream.publish(FIRST);
    stream.activate(1, FIRST);
    for (int i = 0; i < 6; i++) {
      stream.process(observation("a", i));
    }

    Score score = new ScoreCodec().decode("a", stream.scoresTopic().readValue()).score();

    PublishedForecast first = stream.readForecast();
    assertThat(stream.scoresTopic().isEmpty()).isTrue();
    assertThat(score.origin())
        .usingRecursiveComparison()
        .ignoringFields("quality")
        .isEqualTo(first.forecast().origin());
    assertThat(score.absoluteError()[3])
        .isEqualTo((float) Math.abs(observation("a", 4).value() - first.forecast().median(4)));
  }
}
