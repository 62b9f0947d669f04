package io.eddy.model;

import io.eddy.nn.Workspace;
import io.eddy.series.FutureCovariates;

/** Scratch space of one thread for the steps and forecasts of one member. */
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

  /** The net's input at the last step of {@code past} [D]; overwritten by the next. */
  public float[] encode(SeriesPast past, long step) {
    member.encoder().encode(past, step, input, 0);
    return input;
  }

  /** What holds the top layer's hidden state, of which forecasts are made. */
  public Workspace cells() {
    return cells;
  }

  /** The base of the last forecast, transformed [J]; overwritten by the next. */
  public double[] baseline() {
    return baseline.forecast();
  }

  /** Lets the next forecasts know what is known ahead. */
  public void setFutureCovariates(SeriesPast past, FutureCovariates ahead) {
    member.head().setFutureCovariates(past.covariates(), ahead, head);
  }

  /** Numbers in a forecast. */
  public int forecastSize() {
    return head.forecast().length;
  }

  /**
   * Forecasts from the hidden state at hand.
   *
   * @param past up to the origin; not modified
   * @param values become the forecast in the series' own unit
   */
  public void forecast(SeriesPast past, long origin, float[] values) {
    member.head().apply(cells.output(), 0, origin, head);
    member.baseline().apply(past, origin, baseline);
    float[] scaled = head.forecast();
    ModelSpecification.Output output = member.specification().output();
    if (output.isClassification()) {
      System.arraycopy(scaled, 0, values, 0, values.length);
      return;
    }
    double unit = past.unit(member.encoder().scaling());
    Transform transform = member.specification().inputs().transform();
    int perStep = output.valuesPerStep();
    for (int step = 0; step < output.horizon(); step++) {
      double from = baseline.forecast()[step];
      for (int k = step * perStep; k < (step + 1) * perStep; k++) {
        values[k] = (float) transform.invert(Math.fma(unit, scaled[k], from));
      }
    }
  }
}
