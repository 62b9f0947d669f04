package io.eddy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.eddy.forecast.Forecast;
import io.eddy.model.ModelVersion;
import io.eddy.series.Interval;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class ErrorMeasuresTest {
  private static final List<Double> LEVELS = List.of(0.1, 0.5, 0.9);

  /** Tolerance for the rounding of a few double operations. */
  private static final Offset<Double> ROUNDING = within(1e-12);

  private static Forecast forecast(double... quantiles) {
    Forecast.Served served = new Forecast.Served(new ModelVersion("0".repeat(64)), 0);
    return new Forecast(
        new Forecast.Origin("a", 0, Interval.ofMillis(1000), served, true), LEVELS, 0, quantiles);
  }

  /** 10 in [6, 14] around 8; 3 below [4, 12] around 6; 12 above [4, 10] around 8. */
  private static ErrorMeasures three() {
    ErrorMeasures measures = new ErrorMeasures(LEVELS);
    measures.add(10, forecast(6, 8, 14), 1, 2);
    measures.add(3, forecast(4, 6, 12), 1, 4);
    measures.add(12, forecast(4, 8, 10), 1, 2);
    return measures;
  }

  @Test
  void absoluteErrorsUseTheMedian() {
    ErrorMeasures measures = three();

    assertThat(measures.meanAbsoluteError()).isEqualTo(3);
    assertThat(measures.rootMeanSquaredErrorOfMedian())
        .isCloseTo(Math.sqrt((4 + 9 + 16) / 3.0), ROUNDING);
    assertThat(measures.weightedAbsoluteError()).isCloseTo(9 / 25.0, ROUNDING);
  }

  @Test
  void squaredErrorsUseTheMean() {
    double first = 10 - mean(6, 8, 14);
    double second = 3 - mean(4, 6, 12);
    double third = 12 - mean(4, 8, 10);

    assertThat(three().rootMeanSquaredError())
        .isCloseTo(Math.sqrt((first * first + second * second + third * third) / 3), ROUNDING);
  }

  /** The levels 0.1, 0.5, 0.9 stand for 0.3, 0.4, 0.3 of the distribution, and have tails. */
  private static double mean(double low, double middle, double high) {
    double tails = 0.1 * ((high - middle) - (middle - low)) / Math.log(5);
    return 0.3 * low + 0.4 * middle + 0.3 * high + tails;
  }

  @Test
  void scaledErrorUsesScaleOfEachOrigin() {
    assertThat(three().meanAbsoluteScaledError())
        .isCloseTo((2 / 2.0 + 3 / 4.0 + 4 / 2.0) / 3, ROUNDING);
  }

  @Test
  void quantileLossOverSelectedLevels() {
    // |2|, |-3|, |4| times a half, twice, and the 0.9-quantiles' errors -4, -9 and 2.
    assertThat(three().weightedQuantileLoss(List.of(0.5, 0.9)))
        .isCloseTo((9 + 2 * (0.1 * 4 + 0.1 * 9 + 0.9 * 2)) / 2 / 25, ROUNDING);
  }

  @Test
  void rejectsLossOfUnknownLevel() {
    assertThatThrownBy(() -> three().weightedQuantileLoss(List.of(0.2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("quantile level: expected one of [0.1, 0.5, 0.9], got 0.2");
  }

  @Test
  void symmetricErrorIsInPercent() {
    assertThat(three().symmetricPercentageError())
        .isCloseTo(200 * (2 / 18.0 + 3 / 9.0 + 4 / 20.0) / 3, ROUNDING);
  }

  @Test
  void symmetricErrorOfZeroAndZeroIsZero() {
    ErrorMeasures measures = new ErrorMeasures(LEVELS);

    measures.add(0, 0, 1);

    assertThat(measures.symmetricPercentageError()).isZero();
  }

  @Test
  void weightedQuantileLossIsMeanOverLevels() {
    double low = 0.1 * 4 + 0.9 * 1 + 0.1 * 8;
    double median = 0.5 * 2 + 0.5 * 3 + 0.5 * 4;
    double high = 0.1 * 4 + 0.1 * 9 + 0.9 * 2;

    assertThat(three().weightedQuantileLoss())
        .isCloseTo(2 * (low + median + high) / 3 / 25, ROUNDING);
  }

  @Test
  void coverageCountsValuesAtOrBelow() {
    ErrorMeasures measures = three();
    measures.add(8, forecast(8, 9, 10), 1, 1);

    assertThat(measures.coverage(0)).isEqualTo(2 / 4.0);
    assertThat(measures.coverage(1)).isEqualTo(2 / 4.0);
    assertThat(measures.coverage(2)).isEqualTo(3 / 4.0);
    assertThat(measures.intervalCoverage(0)).isEqualTo(2 / 4.0);
  }

  @Test
  void intervalScorePenalizesByTwoOverAlpha() {
    // α = 0.2: widths 8, 8 and 6; 1 below and 2 above.
    assertThat(three().meanScaledIntervalScore())
        .isCloseTo((8 / 2.0 + (8 + 10 * 1) / 4.0 + (6 + 10 * 2) / 2.0) / 3, ROUNDING);
  }

  @Test
  void baselinePointIsUsedForEveryQuantile() {
    ErrorMeasures measures = new ErrorMeasures(LEVELS);

    measures.add(10, 8, 2);
    measures.add(3, 6, 4);

    assertThat(measures.weightedQuantileLoss()).isCloseTo(5 / 13.0, ROUNDING);
    assertThat(measures.coverage(0)).isNaN();
    assertThat(measures.intervalCoverage(0)).isNaN();
    assertThat(measures.meanScaledIntervalScore()).isNaN();
  }

  @Test
  void constantSeriesHasNoScaledError() {
    ErrorMeasures measures = new ErrorMeasures(LEVELS);
    measures.add(10, forecast(6, 8, 14), 1, Double.NaN);

    assertThat(measures.meanAbsoluteScaledError()).isNaN();
    measures.add(3, forecast(4, 6, 12), 1, 4);

    assertThat(measures.meanAbsoluteScaledError()).isEqualTo(0.75);
    assertThat(measures.meanScaledIntervalScore()).isCloseTo(18 / 4.0, ROUNDING);
    assertThat(measures.meanAbsoluteError()).isEqualTo(2.5);
  }

  @Test
  void addMergesPoints() {
    ErrorMeasures parts = new ErrorMeasures(LEVELS);
    parts.add(three());
    parts.add(three());

    assertThat(parts.points()).isEqualTo(6);
    assertThat(parts.meanAbsoluteScaledError()).isEqualTo(three().meanAbsoluteScaledError());
    assertThat(parts.weightedQuantileLoss()).isEqualTo(three().weightedQuantileLoss());
    assertThat(parts.meanScaledIntervalScore()).isEqualTo(three().meanScaledIntervalScore());
    assertThat(parts.coverage(1)).isEqualTo(three().coverage(1));
  }

  @Test
  void pointForecastHasNoQuantileLoss() {
    ErrorMeasures measures = new ErrorMeasures(List.of());

    measures.add(10, 8, 2);

    assertThat(measures.weightedQuantileLoss()).isNaN();
    assertThat(measures.meanScaledIntervalScore()).isNaN();
    assertThat(measures.intervals()).isEmpty();
  }

  @Test
  void scores95PercentIntervalIfPresent() {
    ErrorMeasures wide = new ErrorMeasures(List.of(0.005, 0.025, 0.5, 0.975, 0.995));
    ErrorMeasures lopsided = new ErrorMeasures(List.of(0.05, 0.1, 0.5, 0.9));

    assertThat(wide.intervals()).extracting(CentralInterval::lower).containsExactly(0, 1);
    assertThat(wide.scoredInterval()).isEqualTo(1);
    assertThat(lopsided.intervals()).containsExactly(new CentralInterval(1, 3, 0.8));
  }
}
