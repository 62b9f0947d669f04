package io.eddy.training;

import io.eddy.model.BaselineSpec;
import io.eddy.model.Imputation;
import io.eddy.model.InputEncoder;
import io.eddy.model.LinearBaseline;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Scaling;
import io.eddy.model.SeriesPast;
import io.eddy.series.InMemorySegments;
import io.eddy.series.Scaler;
import io.eddy.series.SteppedSeries;
import io.eddy.series.Window;
import java.util.Collection;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;
import org.jspecify.annotations.Nullable;

/**
 * Fits a {@link LinearBaseline} in closed form, the same weights for all series.
 *
 * <p>It is ridge regression (A. E. Hoerl and R. W. Kennard, 1970) of what came j steps later, less
 * the last value, in units, on the features of the base: (FᵀF + λI) W = FᵀY. Of λ, in multiples of
 * the mean of FᵀF's diagonal, the one is taken that errs least on the last fifth of the time when
 * fitted to what is before it; the weights are then those of all examples.
 */
final class LinearBaselineFit {
  private static final double[] RIDGES = {1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10};
  private static final double CHOSEN_BY = 0.2;
  private static final int MAX_EXAMPLES = 200_000;
  private static final double MAX_PRODUCTS = 1.2e10;

  private final ModelSpecification specification;
  private final Scaling scaling;
  private final int features;
  private final int horizon;
  private final Sums before;
  private final Sums between;
  private final Sums after;

  private LinearBaselineFit(ModelSpecification specification) {
    this.specification = specification;
    scaling = new InputEncoder(specification).scaling();
    features = specification.output().base().features();
    horizon = specification.output().horizon();
    before = new Sums(features, horizon);
    between = new Sums(features, horizon);
    after = new Sums(features, horizon);
  }

  /**
   * The base of a specification whose base is linear.
   *
   * @param end grid index before which the data may be looked at
   */
  static LinearBaseline of(
      Collection<SteppedSeries> series, ModelSpecification specification, long end) {
    LinearBaselineFit fit = new LinearBaselineFit(specification);
    int stride = fit.stride(series, end);
    for (SteppedSeries one : series) {
      fit.add(one.before(end), stride);
    }
    return new LinearBaseline(fit.solve());
  }

  private int stride(Collection<SteppedSeries> series, long end) {
    double examples = 0;
    for (SteppedSeries one : series) {
      examples += Math.max(0, one.before(end).size() - horizon);
    }
    double products = features * (0.5 * features + horizon);
    double limit = Math.min(MAX_EXAMPLES, MAX_PRODUCTS / products);
    return (int) Math.max(1, Math.ceil(examples / limit));
  }

  private void add(SteppedSeries series, int stride) {
    double[] values = series.values();
    int cut = (int) (values.length * (1 - CHOSEN_BY));
    int first = 0;
    int missing = 0;
    SeriesPast past = begin();
    float[] x = new float[features];
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
        past.impute(Imputation.repeated(past.window(), specification));
      }
      if (t >= first && t % stride == 0 && past.window().size() > 0) {
        long origin = series.firstStep() + t;
        LinearBaseline.features(past, specification.sampling().startMs(origin), scaling, x);
        if (targets(past, values, t, y)) {
          (t >= cut ? after : t + horizon < cut ? before : between).add(x, y);
        }
      }
    }
  }

  /** Steps from {@code from} on to where the stream would start the series anew. */
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
        new Window(specification.contextLength(), new InMemorySegments()), new Scaler());
  }

  /** The targets of step t; false where one was not measured. */
  private boolean targets(SeriesPast past, double[] values, int t, double[] y) {
    double unit = past.unit(scaling);
    double last = scaling.transform().apply(past.window().value(0), past.scaler());
    for (int j = 0; j < horizon; j++) {
      double value = values[t + 1 + j];
      if (Double.isNaN(value)) {
        return false;
      }
      double transformed = scaling.transform().apply(value, past.scaler());
      y[j] = LinearBaseline.clipped((transformed - last) / unit);
    }
    return true;
  }

  private FMatrixRMaj solve() {
    double least = Double.POSITIVE_INFINITY;
    double ridge = RIDGES[0];
    for (double candidate : RIDGES) {
      DMatrixRMaj weights = before.solve(candidate);
      double error = weights == null ? Double.POSITIVE_INFINITY : after.error(weights);
      if (error < least) {
        least = error;
        ridge = candidate;
      }
    }
    before.add(between);
    before.add(after);
    DMatrixRMaj best = before.solve(ridge);
    return best == null ? repeated() : transposed(best);
  }

  /** The weights that repeat the season, or the last value. */
  private FMatrixRMaj repeated() {
    BaselineSpec base = specification.output().base();
    FMatrixRMaj weight = new FMatrixRMaj(horizon, features);
    for (int j = 0; j < horizon && base.seasonSteps() > 0; j++) {
      int lag = base.seasonSteps() - 1 - j % base.seasonSteps();
      if (lag > 0 && lag < base.lookBack()) {
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

  /** FᵀF, FᵀY and the sum of Y². */
  private static final class Sums {
    private final DMatrixRMaj gram;
    private final DMatrixRMaj cross;
    private double squares;

    Sums(int features, int horizon) {
      gram = new DMatrixRMaj(features, features);
      cross = new DMatrixRMaj(features, horizon);
    }

    void add(float[] x, double[] y) {
      int size = x.length;
      for (int i = 0; i < size; i++) {
        double f = x[i];
        addRow(f, x, i, gram.data, i * size);
        addRow(f, y, cross.data, i * y.length);
      }
      for (double value : y) {
        squares = Math.fma(value, value, squares);
      }
    }

    /** The upper triangle's row. */
    private static void addRow(double f, float[] x, int from, double[] into, int at) {
      for (int k = from; k < x.length; k++) {
        into[at + k] = Math.fma(f, x[k], into[at + k]);
      }
    }

    private static void addRow(double f, double[] y, double[] into, int at) {
      for (int j = 0; j < y.length; j++) {
        into[at + j] = Math.fma(f, y[j], into[at + j]);
      }
    }

    void add(Sums other) {
      CommonOps_DDRM.addEquals(gram, other.gram);
      CommonOps_DDRM.addEquals(cross, other.cross);
      squares += other.squares;
    }

    private DMatrixRMaj whole() {
      DMatrixRMaj whole = gram.copy();
      for (int i = 0; i < whole.numRows; i++) {
        for (int k = 0; k < i; k++) {
          whole.set(i, k, whole.get(k, i));
        }
      }
      return whole;
    }

    /** W [F, J]; null where there is nothing to fit to. */
    @Nullable DMatrixRMaj solve(double ridge) {
      DMatrixRMaj matrix = whole();
      double diagonal = CommonOps_DDRM.trace(matrix) / matrix.numRows;
      for (int i = 0; i < matrix.numRows; i++) {
        matrix.add(i, i, ridge * diagonal);
      }
      LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.chol(matrix.numRows);
      if (!(diagonal > 0) || Double.isInfinite(diagonal) || !solver.setA(matrix)) {
        return null;
      }
      DMatrixRMaj weights = new DMatrixRMaj(matrix.numRows, cross.numCols);
      solver.solve(cross, weights);
      return weights;
    }

    /** ‖Y − F·W‖² = ‖Y‖² − 2·tr(WᵀFᵀY) + tr(WᵀFᵀF·W). */
    double error(DMatrixRMaj weights) {
      DMatrixRMaj product = new DMatrixRMaj(weights.numRows, weights.numCols);
      CommonOps_DDRM.mult(whole(), weights, product);
      return squares - 2 * sumOfProducts(weights, cross) + sumOfProducts(weights, product);
    }

    private static double sumOfProducts(DMatrixRMaj a, DMatrixRMaj b) {
      double sum = 0;
      for (int i = 0; i < a.data.length; i++) {
        sum = Math.fma(a.data[i], b.data[i], sum);
      }
      return sum;
    }
  }
}
