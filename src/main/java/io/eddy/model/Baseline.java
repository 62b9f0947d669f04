package io.eddy.model;

import io.eddy.series.Sampling;
import org.jspecify.annotations.Nullable;

/** Computes the forecast that a model's net corrects. Immutable and shared. */
public final class Baseline {
  private final BaselineSpec forecast;
  private final Scaling scaling;
  private final Sampling sampling;
  private final int horizon;
  private final @Nullable LinearBaseline linear;

  /**
   * The base of a specification.
   *
   * @param linear where the specification's base is linear
   */
  public Baseline(ModelSpecification specification, @Nullable LinearBaseline linear) {
    forecast = specification.output().baseline();
    scaling = Scaling.of(specification);
    sampling = specification.sampling();
    horizon = specification.output().horizon();
    this.linear = linear;
    if (forecast.featureCount() != (linear == null ? 0 : linear.featureCount())) {
      throw new IllegalArgumentException(
          "base: expected %d weights a step, got %s"
              .formatted(forecast.featureCount(), linear == null ? "none" : linear.featureCount()));
    }
  }

  /** The linear model; null where the base repeats. */
  public @Nullable LinearBaseline linear() {
    return linear;
  }

  /** Scratch space for one thread. */
  public Workspace newWorkspace() {
    return new Workspace(linear == null ? 0 : linear.featureCount(), horizon);
  }

  /** Scratch space of one thread. */
  public static final class Workspace {
    private final float[] features;
    private final float[] scaled;
    private final double[] ahead;

    private Workspace(int features, int horizon) {
      this.features = new float[features];
      scaled = new float[horizon];
      ahead = new double[horizon];
    }

    /** The base of every step ahead [J], transformed; overwritten by the next. */
    public double[] forecast() {
      return ahead;
    }
  }

  /**
   * The base of every step ahead.
   *
   * @param past at least one step; not modified
   * @param origin the last of them, on the grid
   * @param workspace modified; holds the base afterwards
   */
  public void apply(SeriesPast past, long origin, Workspace workspace) {
    double[] ahead = workspace.ahead;
    if (linear == null) {
      for (int j = 0; j < horizon; j++) {
        ahead[j] = past.transformed(forecast.seasonalNaive(past.window(), j + 1), scaling);
      }
      return;
    }
    linear.apply(past, sampling.startMs(origin), scaling, workspace.features, workspace.scaled);
    double unit = past.unit(scaling);
    double last = past.transformed(past.window().value(0), scaling);
    for (int j = 0; j < horizon; j++) {
      ahead[j] = Math.fma(unit, workspace.scaled[j], last);
    }
  }
}
