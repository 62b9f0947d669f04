package io.eddy.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.eddy.model.Baseline;
import io.eddy.model.BaselineSpec;
import io.eddy.model.InputEncoder;
import io.eddy.model.LinearBaseline;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Provenance;
import io.eddy.model.Scaling;
import io.eddy.model.SeriesPast;
import io.eddy.nn.CellKind;
import io.eddy.series.Aggregation;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.series.Window;
import io.eddy.series.store.InMemorySeriesStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class LinearBaselineFitTest {
  private static final int MAX_GAP = 3;
  private static final int LOOK_BACK = 6;
  private static final int DAYS_AHEAD = 60;

  private static ModelSpecification specification(
      Duration interval, int horizon, BaselineSpec base) {
    return new ModelSpecification(
        new ModelSpecification.Network(CellKind.GRU, 2, List.of(1)),
        new Sampling(interval, Aggregation.FIRST, MAX_GAP),
        new ModelSpecification.Inputs(1, false, 24),
        new ModelSpecification.Output(horizon, List.of(0.5), base),
        base.requiredSteps(),
        new Provenance("made up", 1, "test", Map.of()));
  }

  /** Sum of two sines: each value is a linear function of the four values before it. */
  private static double[] waves(int from, int size) {
    double[] values = new double[size];
    for (int t = 0; t < size; t++) {
      values[t] = 50 + 8 * StrictMath.sin((from + t) / 3.0) + 3 * StrictMath.sin((from + t) / 7.0);
    }
    return values;
  }

  private static SteppedSeries series(String name, double... values) {
    return new SteppedSeries(name, 0, values);
  }

  private static LinearBaseline fit(SteppedSeries... series) {
    BaselineSpec base = new BaselineSpec(0, LOOK_BACK);
    return LinearBaselineFit.of(
        List.of(series), specification(Duration.ofMinutes(1), 2, base), Long.MAX_VALUE);
  }

  /** Daily values with the same annual season and noise a tenth as large. */
  private static double[] years(int days) {
    SplittableRandom random = new SplittableRandom(1);
    double[] values = new double[days];
    for (int day = 0; day < days; day++) {
      values[day] = 50 + 10 * StrictMath.sin(2 * Math.PI * day / 365.2425) + random.nextGaussian();
    }
    return values;
  }

  /** Mean absolute error of the last forecast step in the third year. */
  private static double errorInThirdYear(boolean isYearly) {
    ModelSpecification specification =
        specification(Duration.ofDays(1), DAYS_AHEAD, new BaselineSpec(0, LOOK_BACK, isYearly));
    double[] values = years(3 * 365);
    int learnt = 2 * 365;
    Baseline base =
        new Baseline(
            specification,
            LinearBaselineFit.of(List.of(series("a", values)), specification, learnt));
    Baseline.Workspace workspace = base.newWorkspace();
    Scaling scaling = new InputEncoder(specification).scaling();
    SeriesPast past =
        SeriesPast.of(new Window(LOOK_BACK, new InMemorySeriesStore()), specification);
    double sum = 0;
    int origins = 0;
    for (int day = 0; day + DAYS_AHEAD < values.length; day++) {
      past.observe(values[day], scaling);
      if (day >= learnt) {
        base.apply(past, day, workspace);
        sum += Math.abs(values[day + DAYS_AHEAD] - workspace.forecast()[DAYS_AHEAD - 1]);
        origins++;
      }
    }
    return sum / origins;
  }

  @Test
  void annualTermsForecastLevel() {
    // The mean absolute noise is 0.8; the season changes by 6.5 on average in two months.
    assertThat(errorInThirdYear(true)).isLessThan(2);
    assertThat(errorInThirdYear(false)).isGreaterThan(5);
  }

  /** A season longer than the look-back must not set the weights of the annual terms. */
  @Test
  void weightsAreZeroWithoutExamples() {
    BaselineSpec longSeason = new BaselineSpec(LOOK_BACK + 2, LOOK_BACK, true);
    ModelSpecification nothing = specification(Duration.ofDays(1), 2, longSeason);

    float[] weights = LinearBaselineFit.of(List.of(), nothing, 0).weight().data;

    assertThat(weights).hasSize(2 * (LOOK_BACK + 2)).containsOnly(0);
  }

  private static double[] withGap(double[] before, int gap, double[] after) {
    double[] values = Arrays.copyOf(before, before.length + gap + after.length);
    Arrays.fill(values, before.length, before.length + gap, Double.NaN);
    System.arraycopy(after, 0, values, before.length + gap, after.length);
    return values;
  }

  @Test
  void splitsSeriesAtLongGap() {
    double[] before = waves(0, 400);
    double[] after = waves(1000, 400);

    float[] split = fit(series("a", before), series("b", after)).weight().data;

    assertThat(fit(series("a", withGap(before, MAX_GAP + 1, after))).weight().data)
        .containsExactly(split, within(2e-3f));
    assertThat(fit(series("a", withGap(before, MAX_GAP, after))).weight().data)
        .doesNotContain(split, within(2e-3f));
  }
}
