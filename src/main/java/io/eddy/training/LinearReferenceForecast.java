package io.eddy.training;

import io.eddy.series.SteppedSeries;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;

/**
 * A linear forecast in closed form, which backtests report as a reference: from the last P values,
 * each relative to the last one, to every step ahead, with the same weights for all series.
 *
 * <pre>
 *   x̂_{t+j} = x_t + Σ_{k=1…P−1} w_{k,j} (x_{t−k} − x_t)
 * </pre>
 *
 * <p>Subtracting the last value and adding it again is NLinear (A. Zeng et al., Are transformers
 * effective for time series forecasting?, 2023). The weights are fitted by {@link RidgeRegression}
 * with λ = {@value #RIDGE} times the mean of the diagonal of FᵀF. Each series is scaled by its mean
 * absolute change, and gaps repeat the last value.
 */
public final class LinearReferenceForecast {
  private static final double RIDGE = 1e-4;
  private static final int MAX_EXAMPLES = 20_000;
  private static final double MAX_PRODUCTS = 4e9;

  /** W [P − 1, J]. */
  private final DMatrixRMaj weights;

  private LinearReferenceForecast(DMatrixRMaj weights) {
    this.weights = weights;
  }

  /** Sizes: P and J. */
  public record Sizes(int lookBack, int horizon) {}

  /**
   * Fits the weights to examples taken evenly from all series.
   *
   * @param end grid index before which data may be read
   * @param sizes P and J; P is reduced if no series is long enough
   * @return empty if there is no example
   */
  public static Optional<LinearReferenceForecast> fit(
      Collection<SteppedSeries> series, long end, Sizes sizes) {
    int horizon = sizes.horizon();
    int maxLength =
        series.stream().mapToInt(candidate -> candidate.before(end).size()).max().orElse(0);
    int lookBack = Math.min(sizes.lookBack(), (maxLength - horizon) / 2);
    if (lookBack < 2) {
      return Optional.empty();
    }
    long examples = 0;
    for (SteppedSeries s : series) {
      examples += Math.max(0, s.before(end).size() - lookBack - horizon + 1);
    }
    double limit = Math.min(MAX_EXAMPLES, MAX_PRODUCTS / lookBack / (lookBack + horizon));
    int stride = (int) Math.max(1, Math.ceil(examples / limit));
    Fit fit = new Fit(lookBack - 1, horizon);
    for (SteppedSeries s : series) {
      fit.add(s.before(end).filled(), stride);
    }
    return fit.solve();
  }

  /**
   * Computes a forecast.
   *
   * @param x values up to the origin without gaps; the first value extends into the past
   * @param t origin
   * @param forecast [J]; overwritten
   */
  public void forecast(double[] x, int t, double[] forecast) {
    double last = x[t];
    Arrays.fill(forecast, last);
    for (int k = 1; k <= weights.numRows; k++) {
      double difference = x[Math.max(0, t - k)] - last;
      int row = (k - 1) * weights.numCols;
      for (int j = 0; j < forecast.length; j++) {
        forecast[j] = Math.fma(difference, weights.data[row + j], forecast[j]);
      }
    }
  }

  /** Adds the examples of series to a regression. */
  private static final class Fit {
    private final RidgeRegression regression;
    private final double[] features;
    private final double[] targets;

    Fit(int features, int horizon) {
      regression = new RidgeRegression(features, horizon);
      this.features = new double[features];
      targets = new double[horizon];
    }

    void add(double[] x, int stride) {
      double change = 0;
      for (int t = 1; t < x.length; t++) {
        change += Math.abs(x[t] - x[t - 1]) / (x.length - 1);
      }
      if (!(change > 0) || Double.isInfinite(change)) {
        return;
      }
      for (int t = features.length; t < x.length - targets.length; t += stride) {
        for (int k = 0; k < features.length; k++) {
          features[k] = (x[t - 1 - k] - x[t]) / change;
        }
        for (int j = 0; j < targets.length; j++) {
          targets[j] = (x[t + 1 + j] - x[t]) / change;
        }
        regression.add(features, targets);
      }
    }

    Optional<LinearReferenceForecast> solve() {
      double mean = 0;
      for (int i = 0; i < features.length; i++) {
        mean += regression.squaredFeature(i) / features.length;
      }
      return Optional.ofNullable(regression.solve(RIDGE * mean)).map(LinearReferenceForecast::new);
    }
  }
}
