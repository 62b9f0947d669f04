package io.eddy.forecast.combination;

import io.eddy.forecast.MainComponent;
import io.eddy.model.CombinationSpec;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Precision;
import io.eddy.model.Scaling;
import io.eddy.model.SeriesPast;
import io.eddy.model.StandardQuantile;
import io.eddy.model.Transform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Combines the net's forecast with those of {@link SimpleComponents}, quantile by quantile, on
 * transformed values:
 *
 * <pre>
 *   q̂_{j,k} = w_{j,0}·(m_j + b_j·r_j·(n_{j,k} − m_j)) + Σ_{i≥1} w_{j,i}·(p_{j,i} + b_j·a_{j,i}·z_k)
 *   z_k = √(π/2)·Φ⁻¹(τ_k)
 * </pre>
 *
 * <p>n are the net's quantiles, m their median, r ≤ 1 their scale, p the points of the simple
 * components, and a their mean absolute errors: a normal distribution with mean absolute error a
 * has the quantiles p + a·z. b is the width of the group: the weights prefer components with small
 * recent errors, from which their later errors are underestimated. Weights, errors and scale belong
 * to the middles of the groups of steps ahead; those of the steps between two middles are
 * interpolated linearly.
 *
 * <p>When the step of a scored forecast closes, {@link WeightLearning} updates the weights, and
 * {@link ErrorLearning} the errors and the scale. Steps without a measurement are not scored.
 *
 * <p>Owns scratch space: use one instance per thread. Allocates only the main components.
 */
public final class Combination {
  /** Standard deviation of a normal distribution in mean absolute errors: √(π/2). */
  private static final double DEVIATION = 1.2533141373155003;

  private final CombinationSpec spec;
  private final Scaling scaling;
  private final ScoredLevels scored;
  private final List<GroupSchedule> schedules;
  private final GroupInterpolation interpolation;
  private final WeightLearning learning;
  private final ErrorLearning errorLearning;
  private final SimpleComponents simple;
  private final List<String> names;

  /** z [Q] */
  private final double[] deviations;

  /** Prior weights by group [C]. */
  private final double[][] priorWeights;

  /** Prior mean absolute errors by group, in units [C − 1]. */
  private final double[][] priorErrors;

  /** Weights of the last forecast by group [C]. */
  private final double[][] weights;

  /** b by group. */
  private final double[] widths;

  /**
   * The net's scale and the mean absolute errors of the simple components by group [C]; times b
   * while a forecast is combined.
   */
  private final double[][] errors;

  private final double[] losses;

  /** The last value of the last forecast, transformed. */
  private double last;

  /** Points of the simple components minus the last value, by step of the last forecast [C − 1]. */
  private final double[][] points;

  /** Quantiles of the net minus the last value, of the last forecast [J·Q]. */
  private final double[] net;

  /** Index of the median, or of the point, in a step of the forecast. */
  private final int median;

  /**
   * Creates the combination of a model.
   *
   * @param scaling of its first member
   */
  public Combination(ModelSpecification.Output output, Scaling scaling) {
    spec = output.combination();
    this.scaling = scaling;
    scored = new ScoredLevels(output);
    schedules = schedules(spec);
    learning = new WeightLearning(spec.learning());
    simple = new SimpleComponents(spec, scaling);
    names = spec.componentNames();
    deviations = deviations(output.quantileLevels());
    errorLearning = new ErrorLearning(spec.learning().errorSmoothing(), scored, deviations);
    int horizon = spec.isNone() ? 0 : output.horizon();
    interpolation = new GroupInterpolation(schedules, horizon);
    int groups = schedules.size();
    priorWeights = new double[groups][];
    priorErrors = new double[groups][];
    widths = spec.groups().stream().mapToDouble(CombinationSpec.Group::width).toArray();
    for (int g = 0; g < groups; g++) {
      priorWeights[g] = array(spec.groups().get(g).weights());
      priorErrors[g] = array(spec.groups().get(g).errors());
    }
    weights = new double[groups][spec.components()];
    errors = new double[groups][spec.components()];
    losses = new double[spec.components()];
    points = new double[horizon][spec.components() - 1];
    net = new double[horizon * deviations.length];
    median = scored.index(scored.median());
  }

  private static List<GroupSchedule> schedules(CombinationSpec spec) {
    List<GroupSchedule> schedules = new ArrayList<>();
    int first = 1;
    for (CombinationSpec.Group group : spec.groups()) {
      schedules.add(GroupSchedule.of(first, group.lastStep(), spec));
      first = group.lastStep() + 1;
    }
    return schedules;
  }

  private static double[] array(List<Double> numbers) {
    return numbers.stream().mapToDouble(number -> number).toArray();
  }

  private static double[] deviations(List<Double> levels) {
    double[] deviations = new double[Math.max(1, levels.size())];
    for (int k = 0; k < levels.size(); k++) {
      deviations[k] = DEVIATION * StandardQuantile.gaussian(levels.get(k));
    }
    return deviations;
  }

  /** Returns whether the net alone forecasts. */
  public boolean isNone() {
    return spec.isNone();
  }

  /**
   * Scores the forecasts of a step that closes and updates the components by it, before it is
   * appended to the window.
   *
   * @param state modified
   * @param step index of the step
   * @param value measured or imputed
   * @param past whose level and scale include the step, and whose window does not; not modified
   * @return the seasonal means minus the value, to be appended to the window; overwritten by the
   *     next call
   */
  public float[] observe(
      CombinationState state, long step, double value, boolean isImputed, SeriesPast past) {
    double transformed = past.transformed(value, scaling);
    for (int g = 0; g < schedules.size(); g++) {
      GroupSchedule schedule = schedules.get(g);
      GroupState group = state.groups.get(g);
      for (int i = 0; i < group.slots.length; i++) {
        GroupState.Slot slot = group.slots[i];
        long origin = schedule.originOf(i, step);
        if (!slot.isEmpty() && origin + schedule.leadOf(origin) == step) {
          if (!isImputed) {
            score(g, group, slot, transformed - slot.last, past.unit(scaling));
          }
          slot.clear();
        }
      }
    }
    float[] means = simple.observe(state.components, transformed, isImputed, past);
    for (int k = 0; k < means.length; k++) {
      if (simple.jump(k) != 0) {
        revise(k, state);
      }
    }
    return means;
  }

  /** Revises the forecasts of a seasonal mean, whose shift jumped, that are not scored yet. */
  private void revise(int k, CombinationState state) {
    int point = SimpleComponents.indexOfMean(k) - 1;
    for (GroupState group : state.groups) {
      for (GroupState.Slot slot : group.slots) {
        if (!slot.isEmpty()) {
          slot.points[point] += (float) simple.jump(k);
        }
      }
    }
  }

  /** Learns from a forecast; {@code actual} is the value minus the last value at its origin. */
  private void score(int g, GroupState group, GroupState.Slot slot, double actual, double unit) {
    double[] errors = this.errors[g];
    errorLearning.errors(group, priorErrors[g], unit, errors);
    double median = slot.net[scored.median()];
    Arrays.fill(losses, 0);
    for (int l = 0; l < scored.count(); l++) {
      double deviation = deviations[scored.index(l)];
      double scaled = Math.fma(errors[0], slot.net[l] - median, median);
      losses[0] += scored.loss(l, scaled - actual);
      for (int i = 1; i < errors.length; i++) {
        double quantile = Math.fma(errors[i], deviation, slot.point(i - 1));
        losses[i] += scored.loss(l, quantile - actual);
      }
    }
    learning.add(group.losses, priorWeights[g], losses, scored.loss(0, unit));
    errorLearning.add(group, slot, actual, unit, errors);
  }

  /**
   * Combines a forecast of the net.
   *
   * @param state not modified
   * @param past up to the origin; not modified
   * @param values the net's forecast in the unit of the series [J·Q]; set to the combined one
   */
  public void combine(CombinationState state, SeriesPast past, double[] values) {
    Precision precision = past.precision(scaling);
    Transform transform = scaling.transform();
    double unit = past.unit(scaling);
    for (int g = 0; g < schedules.size(); g++) {
      GroupState group = state.groups.get(g);
      errorLearning.errors(group, priorErrors[g], unit, errors[g]);
      for (int i = 0; i < errors[g].length; i++) {
        errors[g][i] *= widths[g];
      }
      learning.weights(group.losses, priorWeights[g], weights[g]);
    }
    last = past.transformedAt(0, scaling);
    subtractLast(values, transform);
    simple.begin(state.components, last, unit);
    for (int j = 0; j < points.length; j++) {
      double[] ahead = simple.next(state.components, past);
      double[] simplePoints = points[j];
      for (int i = 0; i < ahead.length; i++) {
        simplePoints[i] = ahead[i] - last;
      }
      mix(j, values, j * deviations.length);
    }
    addLast(values, transform);
    precision.clip(values, 0, values.length);
  }

  /** Sets the net's quantiles from its values. */
  private void subtractLast(double[] values, Transform transform) {
    double last = this.last;
    if (transform == Transform.NONE) {
      for (int k = 0; k < net.length; k++) {
        net[k] = values[k] - last;
      }
    } else {
      for (int k = 0; k < net.length; k++) {
        net[k] = transform.apply(values[k]) - last;
      }
    }
  }

  private void addLast(double[] values, Transform transform) {
    double last = this.last;
    if (transform == Transform.NONE) {
      for (int k = 0; k < net.length; k++) {
        values[k] = last + values[k];
      }
    } else {
      for (int k = 0; k < net.length; k++) {
        values[k] = transform.invert(last + values[k]);
      }
    }
  }

  /**
   * Returns the weight of the net in the forecast that {@link #combine} made last, {@code step}
   * steps ahead, from 1.
   */
  public double netWeight(int step) {
    return interpolation.at(step - 1, weights, 0);
  }

  /** Sets the quantiles of step {@code j} + 1 ahead to the combined ones minus the last value. */
  private void mix(int j, double[] quantiles, int first) {
    int group = interpolation.group(j);
    int next = Math.min(group + 1, weights.length - 1);
    double fraction = interpolation.fraction(j);
    double[] fromWeights = weights[group];
    double[] toWeights = weights[next];
    double[] fromErrors = errors[group];
    double[] toErrors = errors[next];
    double[] simplePoints = points[j];
    double center = 0;
    double error = 0;
    for (int i = 1; i < fromWeights.length; i++) {
      double weight = Math.fma(fraction, toWeights[i] - fromWeights[i], fromWeights[i]);
      double ofComponent = Math.fma(fraction, toErrors[i] - fromErrors[i], fromErrors[i]);
      center = Math.fma(weight, simplePoints[i - 1], center);
      error = Math.fma(weight, ofComponent, error);
    }
    double weight = Math.fma(fraction, toWeights[0] - fromWeights[0], fromWeights[0]);
    double scale = Math.fma(fraction, toErrors[0] - fromErrors[0], fromErrors[0]);
    double ofMedian = net[first + median];
    for (int k = 0; k < deviations.length; k++) {
      double scaled = Math.fma(scale, net[first + k] - ofMedian, ofMedian);
      quantiles[first + k] = Math.fma(weight, scaled, Math.fma(error, deviations[k], center));
    }
  }

  /** Returns whether a forecast from a step is scored in any group. */
  public boolean isScored(long origin) {
    for (int g = 0; g < schedules.size(); g++) {
      if (schedules.get(g).isOrigin(origin)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Keeps the values of the last forecast that {@link #combine} made that will be scored. A
   * forecast from a single value is not scored, because the unit is not known yet.
   *
   * @param state modified
   * @param origin of that forecast
   * @param past up to the origin
   */
  public void schedule(CombinationState state, long origin, SeriesPast past) {
    for (int g = 0; g < schedules.size() && !past.scaler().hasOneValue(); g++) {
      GroupSchedule schedule = schedules.get(g);
      if (schedule.isOrigin(origin)) {
        int j = schedule.leadOf(origin) - 1;
        GroupState.Slot slot = state.groups.get(g).slots[schedule.slotOf(origin)];
        slot.last = last;
        for (int i = 0; i < slot.points.length; i++) {
          slot.points[i] = (float) points[j][i + 1];
        }
        for (int l = 0; l < slot.net.length; l++) {
          slot.net[l] = (float) net[j * deviations.length + scored.index(l)];
        }
      }
    }
  }

  /**
   * Returns the component with the largest weight in each group, the first of equals, in the last
   * forecast that {@link #combine} made.
   */
  public List<MainComponent> mainComponents() {
    List<MainComponent> result = new ArrayList<>(schedules.size());
    for (int g = 0; g < schedules.size(); g++) {
      int main = 0;
      for (int i = 1; i < weights[g].length; i++) {
        main = weights[g][i] > weights[g][main] ? i : main;
      }
      int last = schedules.get(g).last();
      result.add(new MainComponent(last, names.get(main), (float) weights[g][main]));
    }
    return result;
  }
}
