package io.eddy.kafka.stream;

import static io.eddy.kafka.stream.RecordedStream.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.evaluation.Backtest;
import io.eddy.evaluation.ModelSwitch;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.verify.VerifyReport;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Observation;
import io.eddy.series.SteppedSeries;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Stream, verification, backtest and forecast agree bit for bit on a combination with two seasons,
 * also across switches to a model that combines nothing.
 */
class CombinedStreamTest {
  private static final int HOURS = 240;
  private static final ModelSpecification PLAIN =
      Models.calibrated(Models.specification(CellKind.GRU, 8, 24));
  private static final byte[] ALONE = Models.file(PLAIN, 1);
  private static final byte[] COMBINED = Models.file(Models.combined(PLAIN), 2);

  private final List<Observation> observations = new ArrayList<>();
  private final double[] values = new double[HOURS];
  @TempDir private Path folder;

  @BeforeEach
  void makeValues() {
    SplittableRandom random = new SplittableRandom(1);
    for (int t = 0; t < HOURS; t++) {
      double level = t < 190 ? 20 : 60;
      values[t] = level + 8 * StrictMath.sin(t * Math.PI / 6) + (t % 6 == 2 ? 5 : 0);
      values[t] += random.nextDouble();
      observations.add(new Observation("a", t * HOUR, values[t]));
    }
  }

  @Test
  void streamBacktestAndForecastAgree() {
    List<Forecast> published = published(List.of(COMBINED), List.of(0));
    Model model = ModelFile.read(COMBINED);
    SeriesState state = SeriesState.inMemory(model);
    StepFunction steps = new StepFunction();

    assertThat(published).hasSize(HOURS);
    assertSame(published, backtest(List.of(COMBINED), List.of(0)));
    for (int t = 0; t < HOURS; t++) {
      StepResult.Advanced advanced =
          (StepResult.Advanced) steps.apply(state, observations.get(t), model, 0);
      assertThat(advanced.forecast().values()).isEqualTo(published.get(t).values());
    }
    assertThat(published.get(HOURS - 1).mainComponents()).isNotEmpty();
  }

  @Test
  void streamAndBacktestAgreeAcrossSwitches() {
    List<byte[]> files = List.of(COMBINED, ALONE, COMBINED);
    List<Integer> hours = List.of(0, 90, 150);

    List<Forecast> published = published(files, hours);

    assertSame(published, backtest(files, hours));
    assertThat(published.get(89).mainComponents()).isNotEmpty();
    assertThat(published.get(90).mainComponents()).isEmpty();
    assertThat(published.get(150).mainComponents()).isNotEmpty();
  }

  /** Returns the forecasts of the stream, which verification accepts. */
  private List<Forecast> published(List<byte[]> files, List<Integer> hours) {
    try (RecordedStream stream = new RecordedStream(folder)) {
      for (int i = 0; i < files.size(); i++) {
        stream.activate(i + 1, files.get(i), i == 0 ? null : (Long) (hours.get(i) * HOUR));
      }
      observations.forEach(stream::send);
      VerifyReport report = stream.verify();
      assertThat(report.isConsistent()).isTrue();
      List<Forecast> forecasts = new ArrayList<>();
      for (int t = 0; t < stream.forecasts.size(); t++) {
        forecasts.add(stream.published(t).forecast());
      }
      return forecasts;
    }
  }

  private List<Forecast> backtest(List<byte[]> files, List<Integer> hours) {
    List<ModelSwitch> switches = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      Model model = ModelFile.read(files.get(i));
      switches.add(new ModelSwitch(i == 0 ? Long.MIN_VALUE : hours.get(i) * HOUR, model));
    }
    Backtest backtest = new Backtest(switches, new Backtest.Plan(1, 6, List.of()));
    List<Forecast> forecasts = new ArrayList<>();
    backtest.run(
        List.of(new Backtest.Pass(new SteppedSeries("a", 0, values), 0, observations)),
        1,
        forecasts::add);
    return forecasts;
  }

  private static void assertSame(List<Forecast> published, List<Forecast> backtest) {
    assertThat(backtest).hasSizeGreaterThan(HOURS - 10);
    for (int t = 0; t < backtest.size(); t++) {
      assertThat(backtest.get(t).originStep()).isEqualTo(published.get(t).originStep());
      assertThat(backtest.get(t).values()).isEqualTo(published.get(t).values());
      assertThat(backtest.get(t).mainComponents()).isEqualTo(published.get(t).mainComponents());
    }
  }
}
