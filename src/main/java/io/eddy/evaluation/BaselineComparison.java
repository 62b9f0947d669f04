package io.eddy.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Compares a model's errors with those of the baselines on the same points.
 *
 * @param horizon steps ahead
 * @param baselines every baseline, in the order of the backtest
 * @param seriesCount number of series
 * @param worseSeries series on which the best baseline has a lower error than the model, the
 *     highest ratio of the errors first
 */
public record BaselineComparison(
    int horizon, List<BaselineSteps> baselines, int seriesCount, List<WorseSeries> worseSeries) {

  public BaselineComparison {
    baselines = List.copyOf(baselines);
    worseSeries = List.copyOf(worseSeries);
  }

  /**
   * The steps ahead at which a baseline has a lower error than the model.
   *
   * @param name of the baseline
   * @param betterSteps steps ahead from 1, ascending
   */
  public record BaselineSteps(String name, List<Integer> betterSteps) {
    public BaselineSteps {
      betterSteps = List.copyOf(betterSteps);
    }
  }

  /**
   * A series on which the model's error exceeds the best baseline's.
   *
   * @param series its name
   * @param baseline name of the best baseline
   * @param error mean absolute error of the model
   * @param baselineError mean absolute error of the baseline
   */
  public record WorseSeries(String series, String baseline, double error, double baselineError) {
    /** Returns the model's error relative to the baseline's, above 1; infinite for no error. */
    public double ratio() {
      return error / baselineError;
    }
  }

  /** Compares the forecasters of a backtest, whose first one is the model. */
  public static BaselineComparison of(Backtest backtest) {
    Accuracy accuracy = backtest.accuracy();
    List<BaselineSteps> baselines = new ArrayList<>();
    for (int i = 1; i < accuracy.names().size(); i++) {
      baselines.add(new BaselineSteps(accuracy.names().get(i), betterSteps(accuracy, i)));
    }
    return new BaselineComparison(
        accuracy.horizon(), baselines, backtest.bySeries().size(), worseSeries(backtest));
  }

  private static List<Integer> betterSteps(Accuracy accuracy, int baseline) {
    List<Integer> steps = new ArrayList<>();
    for (int step = 1; step <= accuracy.horizon(); step++) {
      if (accuracy.error(0, step) > accuracy.error(baseline, step)) {
        steps.add(step);
      }
    }
    return steps;
  }

  private static List<WorseSeries> worseSeries(Backtest backtest) {
    List<String> names = backtest.accuracy().names();
    List<WorseSeries> worse = new ArrayList<>();
    for (Backtest.SeriesErrors series : backtest.bySeries()) {
      double error = meanAbsoluteError(series, 0);
      int best = 1;
      for (int i = 2; i < names.size(); i++) {
        best = meanAbsoluteError(series, i) < meanAbsoluteError(series, best) ? i : best;
      }
      double baselineError = meanAbsoluteError(series, best);
      if (error > baselineError) {
        worse.add(new WorseSeries(series.series(), names.get(best), error, baselineError));
      }
    }
    worse.sort(Comparator.comparingDouble(WorseSeries::ratio).reversed());
    return worse;
  }

  private static double meanAbsoluteError(Backtest.SeriesErrors series, int forecaster) {
    return series.measures().get(forecaster).meanAbsoluteError();
  }
}
