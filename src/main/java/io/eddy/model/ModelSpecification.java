package io.eddy.model;

import io.eddy.nn.CellKind;
import io.eddy.series.Aggregation;
import io.eddy.series.Covariates;
import io.eddy.series.FutureCovariates;
import io.eddy.series.GapFilling;
import io.eddy.series.Sampling;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Specification of a model: everything except its weights.
 *
 * @param network cell, layers and sizes
 * @param sampling interval of the steps, and how observations become steps
 * @param inputs inputs of the net
 * @param output forecast of the net
 * @param contextLength W: number of steps from which a series' state is rebuilt when weights change
 * @param provenance origin of the model
 */
public record ModelSpecification(
    Network network,
    Sampling sampling,
    Inputs inputs,
    Output output,
    int contextLength,
    Provenance provenance) {

  /** Maximum contextLength. */
  public static final int MAX_CONTEXT_LENGTH = 100_000;

  /** Aggregations whose result is one of the aggregated classes. */
  private static final Set<Aggregation> CLASS_AGGREGATIONS =
      EnumSet.of(Aggregation.FIRST, Aggregation.LAST, Aggregation.MIN, Aggregation.MAX);

  public ModelSpecification {
    requireRange("contextLength", contextLength, 1, MAX_CONTEXT_LENGTH);
    if (output.head() == HeadKind.SOFTMAX && !CLASS_AGGREGATIONS.contains(sampling.aggregation())) {
      throw new IllegalArgumentException(
          "aggregation: expected first, last, min or max for classes, got "
              + sampling.aggregation().id());
    }
    if (contextLength < output.baseline().requiredSteps()) {
      throw new IllegalArgumentException(
          "contextLength: expected at least the %d steps of the baseline, got %d"
              .formatted(output.baseline().requiredSteps(), contextLength));
    }
    if (output.isClassification()
        && (output.baseline().isLinear()
            || inputs.transform() != Transform.NONE
            || !inputs.lags().isEmpty())) {
      throw new IllegalArgumentException(
          "classes: expected no linear baseline, transform or lags, which are for amounts");
    }
    if (output.hasCounts() && inputs.transform() != Transform.NONE) {
      throw new IllegalArgumentException(
          "transform: expected none for the head negative_binomial, got "
              + inputs.transform().id());
    }
    if (!inputs.futureNames().isEmpty() && output.decoding().kind() != DecoderKind.STEPS) {
      throw new IllegalArgumentException(
          "covariates: expected the decoder steps, the only one that takes known-future"
              + " covariates");
    }
    if (sampling.gaps() == GapFilling.SEASONAL && output.baseline().seasonSteps() == 0) {
      throw new IllegalArgumentException(
          "gaps: expected a seasonal baseline for seasonal; use last or median");
    }
    if (contextLength < output.combination().requiredSteps()) {
      throw new IllegalArgumentException(
          "contextLength: expected at least the %d steps of the combination's seasons, got %d"
              .formatted(output.combination().requiredSteps(), contextLength));
    }
    if (contextLength < inputs.requiredSteps()) {
      throw new IllegalArgumentException(
          "contextLength: expected at least the %d steps of patch and lags, got %d"
              .formatted(inputs.requiredSteps(), contextLength));
    }
  }

  /** Returns a copy with other warm-up intervals. */
  public ModelSpecification withWarmUpIntervals(WarmUpIntervals warmUpIntervals) {
    return new ModelSpecification(
        network,
        sampling,
        inputs,
        output.withWarmUpIntervals(warmUpIntervals),
        contextLength,
        provenance);
  }

  /** Returns a copy with another combination. */
  public ModelSpecification withCombination(CombinationSpec combination) {
    return new ModelSpecification(
        network, sampling, inputs, output.withCombination(combination), contextLength, provenance);
  }

  /** Returns whether all known-future covariates are known for all steps ahead. */
  public boolean isFutureKnown(FutureCovariates future) {
    for (Covariate covariate : inputs.covariates()) {
      for (int j = 1; covariate.kind() == CovariateKind.FUTURE && j <= output.horizon(); j++) {
        if (Double.isNaN(future.value(covariate.name(), j))) {
          return false;
        }
      }
    }
    return true;
  }

  /** Returns a copy with another baseline. */
  public ModelSpecification withBaseline(BaselineSpec baseline) {
    return new ModelSpecification(
        network, sampling, inputs, output.withBaseline(baseline), contextLength, provenance);
  }

  /** Returns a copy with another provenance. */
  public ModelSpecification withProvenance(Provenance provenance) {
    return new ModelSpecification(network, sampling, inputs, output, contextLength, provenance);
  }

  /**
   * The recurrent layers.
   *
   * @param cell kind of the cells, equal in all layers
   * @param hiddenSize H
   * @param dilations dilation of each layer, from the bottom
   * @param dropout share of the values between two layers that training drops at random
   */
  public record Network(CellKind cell, int hiddenSize, List<Integer> dilations, double dropout) {
    static final int MAX_HIDDEN_SIZE = 4096;
    static final int MAX_LAYERS = 16;
    static final int MAX_DILATION = 10_000;

    public Network {
      requireRange("hiddenSize", hiddenSize, 1, MAX_HIDDEN_SIZE);
      requireRange("layers", dilations.size(), 1, MAX_LAYERS);
      dilations.forEach(dilation -> requireRange("dilation", dilation, 1, MAX_DILATION));
      dilations = List.copyOf(dilations);
      if (!(dropout >= 0 && dropout < 1)) {
        throw new IllegalArgumentException("dropout: expected a number in [0, 1), got " + dropout);
      }
      if (dropout > 0 && dilations.size() == 1) {
        throw new IllegalArgumentException("dropout: expected at least 2 layers, got 1");
      }
    }

    /** Creates a network without dropout. */
    public Network(CellKind cell, int hiddenSize, List<Integer> dilations) {
      this(cell, hiddenSize, dilations, 0);
    }

    public int layers() {
      return dilations.size();
    }
  }

  /**
   * Inputs of the first layer at every step.
   *
   * @param patch P: number of last scaled values, or of last classes
   * @param calendar whether the calendar covariates of the step's time are inputs
   * @param scalerHalfLife half-life of level and scale, in steps
   * @param errorHalfLife half-life of the naive forecast's mean absolute error, in steps, if that
   *     is the unit of the net's corrections; 0 if the scale is
   * @param transform of the values before scaling
   * @param lags m: the values m steps before each step ahead are inputs
   * @param covariates of the data, in the order of the inputs
   * @param initialScale scale of a series of which one value is known, in the unit of the
   *     transformed values; 0 for a tenth of the value
   */
  public record Inputs(
      int patch,
      boolean calendar,
      double scalerHalfLife,
      double errorHalfLife,
      Transform transform,
      List<Integer> lags,
      List<Covariate> covariates,
      double initialScale) {
    static final int MAX_PATCH = 4096;
    static final int MAX_LAGS = 64;
    static final int MAX_LAG = 10_000;

    public Inputs {
      requireRange("patch", patch, 1, MAX_PATCH);
      requireRange("covariates", covariates.size(), 0, Covariates.MAX_COUNT);
      covariates = List.copyOf(covariates);
      requireUnique(names(covariates));
      if (!(scalerHalfLife > 0) || Double.isInfinite(scalerHalfLife)) {
        throw new IllegalArgumentException(
            "scalerHalfLife: expected a number above 0, got " + scalerHalfLife);
      }
      if (!(errorHalfLife >= 0) || Double.isInfinite(errorHalfLife)) {
        throw new IllegalArgumentException(
            "errorHalfLife: expected at least 0, got " + errorHalfLife);
      }
      if (!(initialScale >= 0) || Double.isInfinite(initialScale)) {
        throw new IllegalArgumentException(
            "initialScale: expected at least 0, got " + initialScale);
      }
      requireRange("lags", lags.size(), 0, MAX_LAGS);
      lags.forEach(lag -> requireRange("lag", lag, 1, MAX_LAG));
      lags = List.copyOf(lags);
    }

    /** Creates inputs whose initial scale is a tenth of the value. */
    public Inputs(
        int patch,
        boolean calendar,
        double scalerHalfLife,
        double errorHalfLife,
        Transform transform,
        List<Integer> lags,
        List<Covariate> covariates) {
      this(patch, calendar, scalerHalfLife, errorHalfLife, transform, lags, covariates, 0);
    }

    /** Creates inputs without covariates of the data. */
    public Inputs(
        int patch,
        boolean calendar,
        double scalerHalfLife,
        double errorHalfLife,
        Transform transform,
        List<Integer> lags) {
      this(patch, calendar, scalerHalfLife, errorHalfLife, transform, lags, List.of());
    }

    /** Creates inputs without lags. */
    public Inputs(
        int patch,
        boolean calendar,
        double scalerHalfLife,
        double errorHalfLife,
        Transform transform) {
      this(patch, calendar, scalerHalfLife, errorHalfLife, transform, List.of());
    }

    /** Returns the number of past steps that patch and lags take. */
    int requiredSteps() {
      return lags.stream().reduce(patch, Math::max);
    }

    private static List<String> names(List<Covariate> covariates) {
      return covariates.stream().map(Covariate::name).toList();
    }

    private static void requireUnique(List<String> names) {
      if (new HashSet<>(names).size() < names.size()) {
        throw new IllegalArgumentException("covariates: expected unique names, got " + names);
      }
    }

    /** Returns the names of the known-future covariates. */
    public List<String> futureNames() {
      return names(
          covariates.stream()
              .filter(covariate -> covariate.kind() == CovariateKind.FUTURE)
              .toList());
    }

    /** Returns the names of the covariates. */
    public List<String> covariateNames() {
      return names(covariates);
    }

    /** Returns a copy with another patch. */
    public Inputs withPatch(int patch) {
      return with(patch, covariates, initialScale);
    }

    /** Returns a copy with other covariates. */
    public Inputs withCovariates(List<Covariate> covariates) {
      return with(patch, covariates, initialScale);
    }

    /** Returns a copy with another initial scale. */
    public Inputs withInitialScale(double initialScale) {
      return with(patch, covariates, initialScale);
    }

    private Inputs with(int patch, List<Covariate> covariates, double initialScale) {
      return new Inputs(
          patch,
          calendar,
          scalerHalfLife,
          errorHalfLife,
          transform,
          lags,
          covariates,
          initialScale);
    }

    /** Creates inputs without transform and lags, for corrections in units of the scale. */
    public Inputs(int patch, boolean calendar, double scalerHalfLife) {
      this(patch, calendar, scalerHalfLife, 0, Transform.NONE);
    }
  }

  /**
   * The forecast.
   *
   * @param horizon J: steps ahead
   * @param head kind of the forecast
   * @param loss loss function of the training, one of the head's
   * @param quantileLevels ascending, within (0, 1), including 0.5; empty for points and classes
   * @param classes K: with softmax, values are the integers 0 … K − 1; else 0
   * @param decoding how the raw outputs are computed from the hidden state
   * @param baseline forecast that the net corrects; for classes only a baseline for comparison
   * @param calibrationRate γ of the adaptive conformal calibration in the stream; 0 without
   * @param warmUpIntervals widening of the quantiles while a series has fewer than W steps
   * @param combination of the net with simple forecasts in the stream
   * @param bounds possible values
   */
  public record Output(
      int horizon,
      HeadKind head,
      LossKind loss,
      List<Double> quantileLevels,
      int classes,
      Decoding decoding,
      BaselineSpec baseline,
      double calibrationRate,
      WarmUpIntervals warmUpIntervals,
      CombinationSpec combination,
      Bounds bounds) {
    static final int MAX_HORIZON = 10_000;
    static final int MAX_LEVELS = 99;

    /** Maximum number of classes. */
    public static final int MAX_CLASSES = 1000;

    private static final int MAX_PROBABILITIES = 1_000_000;

    public Output {
      requireRange("horizon", horizon, 1, MAX_HORIZON);
      requireRange("quantileLevels", quantileLevels.size(), 0, MAX_LEVELS);
      quantileLevels = List.copyOf(quantileLevels);
      double below = 0;
      for (double level : quantileLevels) {
        if (!(level > below && level < 1)) {
          throw new IllegalArgumentException(
              "quantileLevels: expected ascending numbers within (0, 1), got " + quantileLevels);
        }
        below = level;
      }
      if (!quantileLevels.isEmpty() && !quantileLevels.contains(0.5)) {
        throw new IllegalArgumentException(
            "quantileLevels: expected 0.5 to be included, got " + quantileLevels);
      }
      if (head.hasLevels() == quantileLevels.isEmpty()) {
        throw new IllegalArgumentException(
            "quantileLevels: expected %s for the head %s, got %s"
                .formatted(head.hasLevels() ? "at least one" : "none", head.id(), quantileLevels));
      }
      boolean isSoftmax = head == HeadKind.SOFTMAX;
      requireRange("classes", classes, isSoftmax ? 2 : 0, isSoftmax ? MAX_CLASSES : 0);
      requireRange("horizon times classes", horizon * classes, 0, MAX_PROBABILITIES);
      if (!(calibrationRate >= 0 && calibrationRate <= 1)) {
        throw new IllegalArgumentException(
            "calibrationRate: expected 0 to 1, got " + calibrationRate);
      }
      if (calibrationRate > 0 && quantileLevels.isEmpty()) {
        throw new IllegalArgumentException(
            "calibrationRate: expected 0 without quantiles, got " + calibrationRate);
      }
      if (!warmUpIntervals.isNone() && quantileLevels.isEmpty()) {
        throw new IllegalArgumentException(
            "cold: expected none without quantiles, got "
                + warmUpIntervals.factors().size()
                + " groups");
      }
      requireCombination(combination, horizon, classes);
      if (!bounds.isNone() && classes > 0) {
        throw new IllegalArgumentException("bounds: expected none for classes");
      }
      if (!head.losses().contains(loss)) {
        throw new IllegalArgumentException(
            "loss: expected %s for the head %s, got %s"
                .formatted(
                    head.losses().stream().map(LossKind::id).collect(Collectors.joining(" or ")),
                    head.id(),
                    loss.id()));
      }
    }

    private static void requireCombination(CombinationSpec combination, int horizon, int classes) {
      if (!combination.isNone() && classes > 0) {
        throw new IllegalArgumentException("combination: expected none for classes");
      }
      for (CombinationSpec.Group group : combination.groups()) {
        requireRange("combination: group.lastStep", group.lastStep(), 1, horizon);
      }
    }

    /** Creates an output without warm-up intervals and combination. */
    public Output(
        int horizon,
        HeadKind head,
        LossKind loss,
        List<Double> quantileLevels,
        int classes,
        Decoding decoding,
        BaselineSpec baseline,
        double calibrationRate) {
      this(
          horizon,
          head,
          loss,
          quantileLevels,
          classes,
          decoding,
          baseline,
          calibrationRate,
          WarmUpIntervals.NONE,
          CombinationSpec.NONE,
          Bounds.NONE);
    }

    /** Creates an output without calibration. */
    public Output(
        int horizon,
        HeadKind head,
        LossKind loss,
        List<Double> quantileLevels,
        int classes,
        Decoding decoding,
        BaselineSpec baseline) {
      this(horizon, head, loss, quantileLevels, classes, decoding, baseline, 0);
    }

    /** Creates an output with the linear decoder. */
    public Output(
        int horizon,
        HeadKind head,
        LossKind loss,
        List<Double> quantileLevels,
        BaselineSpec baseline) {
      this(horizon, head, loss, quantileLevels, 0, Decoding.LINEAR, baseline);
    }

    /** Creates an output of class probabilities. */
    public static Output ofClasses(int horizon, int classes, BaselineSpec baseline) {
      return new Output(
          horizon,
          HeadKind.SOFTMAX,
          LossKind.CROSS_ENTROPY,
          List.of(),
          classes,
          Decoding.LINEAR,
          baseline);
    }

    /** Creates an output with the linear decoder and the default loss of the head. */
    public Output(int horizon, HeadKind head, List<Double> quantileLevels, BaselineSpec baseline) {
      this(horizon, head, head.losses().get(0), quantileLevels, baseline);
    }

    /** Creates an output of quantiles, or of a point without levels. */
    public Output(int horizon, List<Double> quantileLevels, BaselineSpec baseline) {
      this(horizon, HeadKind.of(quantileLevels), quantileLevels, baseline);
    }

    /** Returns the number of values per step: 1, Q or K. */
    public int valuesPerStep() {
      return Math.max(1, Math.max(classes, quantileLevels.size()));
    }

    /**
     * Returns the point forecast of the next step: the median, the point, or the most likely class,
     * the first among equals.
     *
     * @param values [J·Q]
     */
    double pointForecast(double[] values) {
      if (!isClassification()) {
        return values[Math.max(0, quantileLevels.indexOf(0.5))];
      }
      int mostLikely = 0;
      for (int k = 1; k < classes; k++) {
        mostLikely = values[k] > values[mostLikely] ? k : mostLikely;
      }
      return mostLikely;
    }

    /** Returns a copy with another calibration rate. */
    public Output withCalibrationRate(double rate) {
      return with(baseline, rate, warmUpIntervals, combination, bounds);
    }

    /** Returns a copy with other warm-up intervals. */
    public Output withWarmUpIntervals(WarmUpIntervals warmUpIntervals) {
      return with(baseline, calibrationRate, warmUpIntervals, combination, bounds);
    }

    /** Returns a copy with another baseline. */
    Output withBaseline(BaselineSpec baseline) {
      return with(baseline, calibrationRate, warmUpIntervals, combination, bounds);
    }

    /** Returns a copy with another combination. */
    public Output withCombination(CombinationSpec combination) {
      return with(baseline, calibrationRate, warmUpIntervals, combination, bounds);
    }

    /** Returns a copy with other bounds. */
    public Output withBounds(Bounds bounds) {
      return with(baseline, calibrationRate, warmUpIntervals, combination, bounds);
    }

    private Output with(
        BaselineSpec baseline,
        double calibrationRate,
        WarmUpIntervals warmUpIntervals,
        CombinationSpec combination,
        Bounds bounds) {
      return new Output(
          horizon,
          head,
          loss,
          quantileLevels,
          classes,
          decoding,
          baseline,
          calibrationRate,
          warmUpIntervals,
          combination,
          bounds);
    }

    /** Returns whether quantiles are calibrated in the stream. */
    public boolean isCalibrated() {
      return calibrationRate > 0;
    }

    /** Returns whether the head forecasts a distribution of counts. */
    public boolean hasCounts() {
      return head == HeadKind.NEGATIVE_BINOMIAL;
    }

    /** Returns whether values are classes and not amounts. */
    public boolean isClassification() {
      return classes > 0;
    }

    /** Returns whether a value is valid: any amount, or a class from 0 to K − 1. */
    public boolean accepts(double value) {
      return !isClassification() || (value >= 0 && value < classes && value == Math.rint(value));
    }

    /** R: number of raw outputs of the decoder per step. */
    public int rawPerStep() {
      return switch (head) {
        case QUANTILES -> quantileLevels.size();
        case POINT -> 1;
        case GAUSSIAN, STUDENT_T, NEGATIVE_BINOMIAL -> 2;
        case SOFTMAX -> classes;
      };
    }

    /** J·R: number of raw outputs of the decoder. */
    public int rawSize() {
      return horizon * rawPerStep();
    }
  }

  /**
   * Kind and size of the decoder.
   *
   * @param kind linear, or a small net per step ahead
   * @param width M: units of that net; 0 for the linear decoder
   */
  public record Decoding(DecoderKind kind, int width) {
    /** One linear layer for all steps ahead. */
    public static final Decoding LINEAR = new Decoding(DecoderKind.LINEAR, 0);

    static final int MAX_WIDTH = 4096;

    public Decoding {
      boolean isLinear = kind == DecoderKind.LINEAR;
      requireRange("decoder width", width, isLinear ? 0 : 1, isLinear ? 0 : MAX_WIDTH);
    }
  }

  static void requireRange(String name, int value, int from, int to) {
    if (value < from || value > to) {
      throw new IllegalArgumentException(
          "%s: expected %d to %d, got %d".formatted(name, from, to, value));
    }
  }
}
