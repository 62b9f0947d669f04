package io.eddy.training;

import io.eddy.model.BaselineSpec;
import io.eddy.model.Imputation;
import io.eddy.model.InputEncoder;
import io.eddy.model.LinearBaseline;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Scaling;
import io.eddy.model.SeriesPast;
import io.eddy.series.Scaler;
import io.eddy.series.SteppedSeries;
import io.eddy.series.Window;
import io.eddy.series.store.InMemorySeriesStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * Fits a {@link LinearBaseline} in closed form, with the same weights for all series.
 *
 * <p>The targets are the values j steps ahead minus the last value, in units; they are regressed on
 * the features of the baseline by {@link RidgeRegression}. The candidates for λ are multiples of
 * the mean of the diagonal of FᵀF. The fit selects the λ with the least error on the last fifth of
 * the time, after fitting to the time before it, and then fits the weights to all examples.
 */
final class LinearBaselineFit {
  private static final double[] RIDGES = {1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10};
  private static final double VALIDATION_SHARE = 0.2;
  private static final int MAX_EXAMPLES = 200_000;
  private static final double MAX_PRODUCTS = 1.2e10;

  /** Limit of a fit whose error decides about the look-back. */
  private static final double MAX_COMPARISON_PRODUCTS = 2e9;

  private final ModelSpecification specification;
  private final Scaling scaling;
  private final int horizon;
  private int features;

  /** Examples with origin and targets before the validation part. */
  private RidgeRegression training;

  /** Examples with their origin before the validation part and a target in it. */
  private RidgeRegression overlapping;

  /** Examples with their origin in the validation part. */
  private RidgeRegression validation;

  private LinearBaselineFit(ModelSpecification specification) {
    this.specification = specification;
    scaling = new InputEncoder(specification).scaling();
    features = specification.output().baseline().featureCount();
    horizon = specification.output().horizon();
    training = new RidgeRegression(features, horizon);
    overlapping = new RidgeRegression(features, horizon);
    validation = new RidgeRegression(features, horizon);
  }

  /**
   * Fits the baseline of a specification with a linear baseline.
   *
   * @param end grid index before which data may be read
   */
  static LinearBaseline of(
      Collection<SteppedSeries> series, ModelSpecification specification, long end) {
    return new LinearBaseline(accumulated(series, specification, end, MAX_PRODUCTS).solve());
  }

  /**
   * Fits baselines with several look-backs to the same, fewer examples.
   *
   * @param specification with the longest of the look-backs, without the time of the year
   * @param end grid index before which data may be read
   * @param lookBacks numbers of values, at least 2 each, descending
   */
  static List<LinearBaseline> of(
      Collection<SteppedSeries> series,
      ModelSpecification specification,
      long end,
      List<Integer> lookBacks) {
    LinearBaselineFit fit = accumulated(series, specification, end, MAX_COMPARISON_PRODUCTS);
    List<LinearBaseline> baselines = new ArrayList<>();
    for (int lookBack : lookBacks) {
      fit.shorten(lookBack - 1);
      baselines.add(new LinearBaseline(fit.solve()));
    }
    return baselines;
  }

  private static LinearBaselineFit accumulated(
      Collection<SteppedSeries> series,
      ModelSpecification specification,
      long end,
      double maxProducts) {
    LinearBaselineFit fit = new LinearBaselineFit(specification);
    int stride = fit.stride(series, end, maxProducts);
    for (SteppedSeries s : series) {
      fit.add(s.before(end), stride);
    }
    return fit;
  }

  /** Drops all features but the first ones. */
  private void shorten(int size) {
    features = size;
    training = training.leading(size);
    overlapping = overlapping.leading(size);
    validation = validation.leading(size);
  }

  /** Returns the distance between examples that keeps their number and cost within limits. */
  private int stride(Collection<SteppedSeries> series, long end, double maxProducts) {
    double examples = 0;
    for (SteppedSeries s : series) {
      examples += Math.max(0, s.before(end).size() - horizon);
    }
    double products = features * (0.5 * features + horizon);
    double limit = Math.min(MAX_EXAMPLES, maxProducts / products);
    return (int) Math.max(1, Math.ceil(examples / limit));
  }

  /** Adds the examples of a series, one every {@code stride} steps. */
  private void add(SteppedSeries series, int stride) {
    double[] values = series.values();
    int cut = (int) (values.length * (1 - VALIDATION_SHARE));
    int first = 0;
    int missing = 0;
    SeriesPast past = begin();
    float[] encoded = new float[features];
    double[] x = new double[features];
    double[] y = new double[horizon];
    for (int t = 0; t < values.length - horizon; t++) {
      boolean isKnown = past.window().size() > 0;
      missing = Double.isNaN(values[t]) ? missing + 1 : 0;
      if (missing == 0) {
        first = isKnown ? first : t + Math.min(features, steps(values, t) / 3);
        past.observe(values[t], scaling);
      } else if (missing > specification.sampling().maxGapSteps()) {
        past = begin();
      } else if (isKnown) {
        past.impute(Imputation.naive(past.window(), specification));
      }
      if (t >= first && t % stride == 0 && past.window().size() > 0) {
        long origin = series.firstStep() + t;
        LinearBaseline.writeFeatures(
            past, specification.sampling().startMs(origin), scaling, encoded);
        if (targets(past, values, t, y)) {
          for (int k = 0; k < x.length; k++) {
            x[k] = encoded[k];
          }
          (t >= cut ? validation : t + horizon < cut ? training : overlapping).add(x, y);
        }
      }
    }
  }

  /** Returns the number of steps from {@code from} to the next gap that restarts the series. */
  private int steps(double[] values, int from) {
    int missing = 0;
    int to = from;
    while (to < values.length && missing <= specification.sampling().maxGapSteps()) {
      missing = Double.isNaN(values[to]) ? missing + 1 : 0;
      to++;
    }
    return to - missing - from;
  }

  private SeriesPast begin() {
    return new SeriesPast(
        new Window(specification.contextLength(), new InMemorySeriesStore()), new Scaler());
  }

  /** Computes the targets of step t. Returns false if one of them is missing. */
  private boolean targets(SeriesPast past, double[] values, int t, double[] y) {
    double unit = past.unit(scaling);
    double last = scaling.transform().apply(past.window().value(0), past.scaler());
    for (int j = 0; j < horizon; j++) {
      double value = values[t + 1 + j];
      if (Double.isNaN(value)) {
        return false;
      }
      double transformed = scaling.transform().apply(value, past.scaler());
      y[j] = LinearBaseline.clip((transformed - last) / unit);
    }
    return true;
  }

  private FMatrixRMaj solve() {
    double leastError = Double.POSITIVE_INFINITY;
    double bestRidge = RIDGES[0];
    for (double ridge : RIDGES) {
      DMatrixRMaj weights = solve(training, ridge);
      double error = weights == null ? Double.POSITIVE_INFINITY : validation.squaredError(weights);
      if (error < leastError) {
        leastError = error;
        bestRidge = ridge;
      }
    }
    RidgeRegression all = training.leading(features);
    all.add(overlapping);
    all.add(validation);
    DMatrixRMaj weights = solve(all, bestRidge);
    return weights == null ? seasonalNaive() : transposed(weights);
  }

  /** Solves with λ = ridge times the mean of the diagonal of FᵀF. */
  private @Nullable DMatrixRMaj solve(RidgeRegression regression, double ridge) {
    double trace = 0;
    for (int i = 0; i < features; i++) {
      trace += regression.squaredFeature(i);
    }
    return regression.solve(ridge * (trace / features));
  }

  /** Returns the weights that repeat the last season or, without a season, the last value. */
  private FMatrixRMaj seasonalNaive() {
    BaselineSpec base = specification.output().baseline();
    FMatrixRMaj weight = new FMatrixRMaj(horizon, features);
    for (int j = 0; j < horizon && base.seasonSteps() > 0; j++) {
      int lag = base.seasonSteps() - 1 - j % base.seasonSteps();
      if (lag > 0 && lag < base.lookBack() && lag <= features) {
        weight.set(j, lag - 1, 1);
      }
    }
    return weight;
  }

  private FMatrixRMaj transposed(DMatrixRMaj weights) {
    FMatrixRMaj weight = new FMatrixRMaj(horizon, features);
    for (int j = 0; j < horizon; j++) {
      for (int k = 0; k < features; k++) {
        weight.set(j, k, (float) weights.get(k, j));
      }
    }
    return weight;
  }
}
