package io.eddy.model;

import io.eddy.series.Sampling;
import org.jspecify.annotations.Nullable;

/**
 * Computes the baseline forecast that a net corrects, as its {@link BaselineSpec} selects.
 * Immutable and shared.
 */
public final class Baseline {
  private final BaselineSpec spec;
  private final Scaling scaling;
  private final Sampling sampling;
  private final int horizon;
  private final @Nullable LinearBaseline linear;

  /**
   * Creates the baseline of a specification.
   *
   * @param linear the linear model; null if the baseline of the specification is naive
   */
  public Baseline(ModelSpecification specification, @Nullable LinearBaseline linear) {
    spec = specification.output().baseline();
    scaling = Scaling.of(specification);
    sampling = specification.sampling();
    horizon = specification.output().horizon();
    this.linear = linear;
    if (spec.featureCount() != (linear == null ? 0 : linear.featureCount())) {
      throw new IllegalArgumentException(
          "baseline: expected %d weights per step, got %s"
              .formatted(spec.featureCount(), linear == null ? "none" : linear.featureCount()));
    }
  }

  /** Returns the linear model; null for a naive baseline. */
  public @Nullable LinearBaseline linear() {
    return linear;
  }

  /** Creates scratch space for one thread. */
  public Workspace newWorkspace() {
    return new Workspace(linear == null ? 0 : linear.featureCount(), horizon);
  }

  /** Scratch space of one thread. */
  public static final class Workspace {
    private final float[] features;
    private final float[] scaled;
    private final double[] forecast;

    private Workspace(int features, int horizon) {
      this.features = new float[features];
      scaled = new float[horizon];
      forecast = new double[horizon];
    }

    /** Returns the transformed forecast [J], overwritten by the next call. */
    public double[] forecast() {
      return forecast;
    }
  }

  /**
   * Forecasts every step ahead.
   *
   * @param past at least one step; not modified
   * @param origin index of its last step
   * @param workspace modified; holds the forecast afterwards
   */
  public void apply(SeriesPast past, long origin, Workspace workspace) {
    double[] forecast = workspace.forecast;
    if (linear == null) {
      for (int j = 0; j < horizon; j++) {
        forecast[j] = past.seasonalNaive(j + 1, scaling);
      }
      return;
    }
    linear.apply(
        past, sampling.localStartMs(origin), scaling, workspace.features, workspace.scaled);
    double unit = past.unit(scaling);
    double last = past.transformedAt(0, scaling);
    for (int j = 0; j < horizon; j++) {
      forecast[j] = Math.fma(unit, workspace.scaled[j], last);
    }
  }
}
