package io.eddy.model;

import io.eddy.nn.Workspace;
import io.eddy.series.FutureCovariates;

/** Scratch space for the steps and forecasts of one member. Used by one thread. */
public final class MemberWorkspace {
  private final Member member;
  private final float[] input;
  private final Workspace cells;
  private final HeadWorkspace head;
  private final Baseline.Workspace baseline;

  public MemberWorkspace(Member member) {
    this.member = member;
    input = new float[member.encoder().size()];
    cells = member.stack().newWorkspace();
    head = member.head().newWorkspace();
    baseline = member.baseline().newWorkspace();
  }

  /** Encodes the last step of {@code past} as the net's input [D], overwritten by the next call. */
  public float[] encode(SeriesPast past, long step) {
    member.encoder().encode(past, step, input, 0);
    return input;
  }

  /** Returns the workspace of the cells, which holds the hidden state of the top layer. */
  public Workspace cells() {
    return cells;
  }

  /** Returns the transformed baseline of the last forecast [J], overwritten by the next call. */
  public double[] baseline() {
    return baseline.forecast();
  }

  /** Returns the means of the last forecast of counts [J], overwritten by the next call. */
  public double[] means() {
    return head.means;
  }

  /** Sets the known-future covariates of the next forecasts. */
  public void setFutureCovariates(SeriesPast past, FutureCovariates ahead) {
    member.head().setFutureCovariates(past.covariates(), ahead, head);
  }

  /** J·Q: number of values in a forecast. */
  public int forecastSize() {
    return head.forecast().length;
  }

  /**
   * Forecasts from the current hidden state.
   *
   * @param past up to the forecast origin; not modified
   * @param origin index of the last step
   * @param values set to the forecast [J·Q] in the unit of the series
   */
  public void forecast(SeriesPast past, long origin, double[] values) {
    ModelSpecification.Output output = member.specification().output();
    if (output.hasCounts()) {
      head.rate = past.countRate(member.encoder().scaling());
    }
    member.head().apply(cells.output(), 0, origin, head);
    member.baseline().apply(past, origin, baseline);
    float[] scaled = head.forecast();
    if (output.isClassification() || output.hasCounts()) {
      for (int k = 0; k < values.length; k++) {
        values[k] = scaled[k];
      }
      return;
    }
    Scaling scaling = member.encoder().scaling();
    double unit = past.unit(scaling);
    Precision precision = past.precision(scaling);
    Transform transform = member.specification().inputs().transform();
    int perStep = output.valuesPerStep();
    for (int step = 0; step < output.horizon(); step++) {
      double base = baseline.forecast()[step];
      for (int k = step * perStep; k < (step + 1) * perStep; k++) {
        values[k] = precision.round(transform.invert(Math.fma(unit, scaled[k], base)));
      }
    }
  }
}
