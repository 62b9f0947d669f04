package io.eddy.training;

import io.eddy.series.SteppedSeries;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * The linear forecast that has a closed form: of the last P values, each less the last one, to
 * every step ahead, the same weights for all series.
 *
 * <pre>
 *   x̂_{t+j} = x_t + Σ_{k=1…P−1} w_{k,j} (x_{t−k} − x_t)
 * </pre>
 *
 * To take the last value away and add it again is NLinear (A. Zeng et al., Are transformers
 * effective for time series forecasting?, 2023). Weights are those of ridge regression (A. E. Hoerl
 * and R. W. Kennard, 1970), each series in units of its mean absolute change: (FᵀF + λI) W = FᵀY
 * with λ = {@value #RIDGE} times the mean of FᵀF's diagonal. Gaps are filled with the last value.
 */
public final class LinearReferenceForecast {
  private static final double RIDGE = 1e-4;
  private static final int MAX_EXAMPLES = 20_000;
  private static final double MAX_PRODUCTS = 4e9;

  private final double[][] weights;

  /** Weights [P − 1, J]. */
  private LinearReferenceForecast(double[][] weights) {
    this.weights = weights;
  }

  /** Sizes: P and J. */
  public record Sizes(int lookBack, int horizon) {}

  /**
   * Fits to examples evenly taken of all series.
   *
   * @param end grid index before which the data may be looked at
   * @param sizes P is made smaller where no series is long enough for it
   * @return nothing where there is no example to fit to
   */
  public static Optional<LinearReferenceForecast> fit(
      Collection<SteppedSeries> series, long end, Sizes sizes) {
    int horizon = sizes.horizon();
    int longest = series.stream().mapToInt(one -> one.before(end).size()).max().orElse(0);
    int lookBack = Math.min(sizes.lookBack(), (longest - horizon) / 2);
    if (lookBack < 2) {
      return Optional.empty();
    }
    Fit fit = new Fit(lookBack - 1, horizon);
    long examples =
        series.stream()
            .mapToLong(one -> Math.max(0, one.before(end).size() - lookBack - horizon + 1))
            .sum();
    double limit = Math.min(MAX_EXAMPLES, MAX_PRODUCTS / lookBack / (lookBack + horizon));
    int stride = (int) Math.max(1, Math.ceil(examples / limit));
    for (SteppedSeries one : series) {
      fit.add(one.before(end).filled(), stride);
    }
    return fit.solve();
  }

  /**
   * Forecasts.
   *
   * @param x values up to the origin without gaps; before the first one, that one is taken
   * @param t origin
   * @param ahead [J]; modified
   */
  public void forecast(double[] x, int t, double[] ahead) {
    double last = x[t];
    Arrays.fill(ahead, last);
    for (int k = 1; k <= weights.length; k++) {
      double difference = x[Math.max(0, t - k)] - last;
      double[] row = weights[k - 1];
      for (int j = 0; j < ahead.length; j++) {
        ahead[j] = Math.fma(difference, row[j], ahead[j]);
      }
    }
  }

  /** Sums of FᵀF, its upper triangle alone, and FᵀY. */
  private static final class Fit {
    final DMatrixRMaj gram;
    final DMatrixRMaj cross;
    final double[] features;
    final double[] targets;

    Fit(int features, int horizon) {
      gram = new DMatrixRMaj(features, features);
      cross = new DMatrixRMaj(features, horizon);
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
        addExample();
      }
    }

    private void addExample() {
      int size = features.length;
      for (int i = 0; i < size; i++) {
        double f = features[i];
        for (int k = i; k < size; k++) {
          gram.data[i * size + k] = Math.fma(f, features[k], gram.data[i * size + k]);
        }
        for (int j = 0; j < targets.length; j++) {
          int at = i * targets.length + j;
          cross.data[at] = Math.fma(f, targets[j], cross.data[at]);
        }
      }
    }

    Optional<LinearReferenceForecast> solve() {
      int size = features.length;
      double diagonal = 0;
      for (int i = 0; i < size; i++) {
        diagonal += gram.get(i, i) / size;
        for (int k = 0; k < i; k++) {
          gram.set(i, k, gram.get(k, i));
        }
      }
      for (int i = 0; i < size; i++) {
        gram.add(i, i, RIDGE * diagonal);
      }
      LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.chol(size);
      DMatrixRMaj solution = new DMatrixRMaj(size, targets.length);
      if (!(diagonal > 0) || !solver.setA(gram)) {
        return Optional.empty();
      }
      solver.solve(cross, solution);
      double[][] weights = new double[size][];
      for (int i = 0; i < size; i++) {
        weights[i] =
            Arrays.copyOfRange(solution.data, i * targets.length, (i + 1) * targets.length);
      }
      return Optional.of(new LinearReferenceForecast(weights));
    }
  }
}
