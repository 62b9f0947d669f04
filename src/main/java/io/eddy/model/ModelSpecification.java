package io.eddy.model;

import io.eddy.nn.CellKind;
import io.eddy.series.Aggregation;
import io.eddy.series.Covariates;
import io.eddy.series.GapFilling;
import io.eddy.series.Sampling;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Everything about a model but its numbers.
 *
 * @param network cell, layers and sizes
 * @param sampling the grid its steps lie on
 * @param inputs what it sees of a series
 * @param output what it forecasts
 * @param contextLength W: steps from which a series' state is rebuilt when weights change
 * @param provenance where it came from
 */
public record ModelSpecification(
    Network network,
    Sampling sampling,
    Inputs inputs,
    Output output,
    int contextLength,
    Provenance provenance) {

  /** Largest contextLength that a model may ask for. */
  public static final int MAX_CONTEXT_LENGTH = 100_000;

  /** Those that make a class of classes. */
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
          "contextLength: expected at least the base forecast's %d steps, got %d"
              .formatted(output.baseline().requiredSteps(), contextLength));
    }
    if (output.isClassification()
        && (output.baseline().isLinear()
            || inputs.transform() != Transform.NONE
            || !inputs.lags().isEmpty())) {
      throw new IllegalArgumentException(
          "classes: expected no linear baseline, transform or lags, which are for amounts");
    }
    if (!inputs.futureNames().isEmpty() && output.decoding().kind() != DecoderKind.STEPS) {
      throw new IllegalArgumentException(
          "covariates: expected a decoder of steps for those that are known ahead, which no other"
              + " looks at");
    }
    if (sampling.gaps() == GapFilling.SEASONAL && output.baseline().seasonSteps() == 0) {
      throw new IllegalArgumentException(
          "gaps: expected a season for seasonal, and the model has none; take last or median");
    }
    if (contextLength < inputs.requiredSteps()) {
      throw new IllegalArgumentException(
          "contextLength: expected at least the %d steps of patch and lags, got %d"
              .formatted(inputs.requiredSteps(), contextLength));
    }
  }

  /** The same with other quantiles while a series is cold. */
  public ModelSpecification withWarmUpIntervals(WarmUpIntervals warmUpIntervals) {
    return new ModelSpecification(
        network,
        sampling,
        inputs,
        output.withWarmUpIntervals(warmUpIntervals),
        contextLength,
        provenance);
  }

  /** The same but for where it came from. */
  public ModelSpecification withProvenance(Provenance provenance) {
    return new ModelSpecification(network, sampling, inputs, output, contextLength, provenance);
  }

  /**
   * The recurrent stack.
   *
   * @param cell kind of every layer's cell
   * @param hiddenSize H
   * @param dilations one per layer, from the bottom
   * @param dropout share of the values between two layers that training leaves out at random
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
        throw new IllegalArgumentException(
            "dropout: expected at least 2 layers to drop between, got 1");
      }
    }

    /** A network that is trained without dropout. */
    public Network(CellKind cell, int hiddenSize, List<Integer> dilations) {
      this(cell, hiddenSize, dilations, 0);
    }

    public int layers() {
      return dilations.size();
    }
  }

  /**
   * What the first layer is given at every step.
   *
   * @param patch P: how many of the last scaled values, or of the last classes
   * @param calendar whether the calendar covariates of the step's time are given
   * @param scalerHalfLife half-life of level and scale, in steps
   * @param errorHalfLife half-life of the base forecast's mean absolute error, in steps, where that
   *     is the unit of the net's corrections; 0 where the scale is
   * @param transform of the values, before they are scaled
   * @param lags m: the values m steps before each step ahead are given
   * @param covariates of the data that are given, in this order
   */
  public record Inputs(
      int patch,
      boolean calendar,
      double scalerHalfLife,
      double errorHalfLife,
      Transform transform,
      List<Integer> lags,
      List<Covariate> covariates) {
    static final int MAX_PATCH = 4096;
    static final int MAX_LAGS = 64;
    static final int MAX_LAG = 10_000;

    public Inputs {
      requireRange("patch", patch, 1, MAX_PATCH);
      requireRange("covariates", covariates.size(), 0, Covariates.MAX_COUNT);
      covariates = List.copyOf(covariates);
      requireEachOnce(names(covariates));
      if (!(scalerHalfLife > 0) || Double.isInfinite(scalerHalfLife)) {
        throw new IllegalArgumentException(
            "scalerHalfLife: expected a number above 0, got " + scalerHalfLife);
      }
      if (!(errorHalfLife >= 0) || Double.isInfinite(errorHalfLife)) {
        throw new IllegalArgumentException(
            "errorHalfLife: expected at least 0, got " + errorHalfLife);
      }
      requireRange("lags", lags.size(), 0, MAX_LAGS);
      lags.forEach(lag -> requireRange("lag", lag, 1, MAX_LAG));
      lags = List.copyOf(lags);
    }

    /** Inputs without covariates of the data. */
    public Inputs(
        int patch,
        boolean calendar,
        double scalerHalfLife,
        double errorHalfLife,
        Transform transform,
        List<Integer> lags) {
      this(patch, calendar, scalerHalfLife, errorHalfLife, transform, lags, List.of());
    }

    /** Inputs without lags. */
    public Inputs(
        int patch,
        boolean calendar,
        double scalerHalfLife,
        double errorHalfLife,
        Transform transform) {
      this(patch, calendar, scalerHalfLife, errorHalfLife, transform, List.of());
    }

    /** The longest of patch and lags. */
    int requiredSteps() {
      return lags.stream().reduce(patch, Math::max);
    }

    private static List<String> names(List<Covariate> covariates) {
      return covariates.stream().map(Covariate::name).toList();
    }

    private static void requireEachOnce(List<String> names) {
      if (new HashSet<>(names).size() < names.size()) {
        throw new IllegalArgumentException("covariates: expected each once, got " + names);
      }
    }

    /** Names of the covariates that are known ahead. */
    public List<String> futureNames() {
      return names(covariates.stream().filter(one -> one.kind() == CovariateKind.FUTURE).toList());
    }

    /** Names of the covariates. */
    public List<String> covariateNames() {
      return names(covariates);
    }

    /** The same but for the patch. */
    public Inputs withPatch(int patch) {
      return with(patch, covariates);
    }

    /** The same but for the covariates. */
    public Inputs withCovariates(List<Covariate> covariates) {
      return with(patch, covariates);
    }

    private Inputs with(int patch, List<Covariate> covariates) {
      return new Inputs(
          patch, calendar, scalerHalfLife, errorHalfLife, transform, lags, covariates);
    }

    /** Inputs for corrections in units of the scale. */
    public Inputs(int patch, boolean calendar, double scalerHalfLife) {
      this(patch, calendar, scalerHalfLife, 0, Transform.NONE);
    }
  }

  /**
   * What is forecast.
   *
   * @param horizon J: steps ahead
   * @param head what the head's numbers mean
   * @param loss what it is taught by, one of the head's
   * @param quantileLevels ascending, within (0, 1), 0.5 among them; empty for points and classes
   * @param classes K: with softmax, values are the whole numbers 0 … K − 1; else 0
   * @param decoding how the head's numbers are made of the hidden state
   * @param baseline the forecast that the net corrects; of classes, the one it is measured by
   * @param calibrationRate γ by which quantiles are calibrated in the stream; 0 where they are not
   * @param warmUpIntervals how much wider quantiles are while a series has less than W steps
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
      WarmUpIntervals warmUpIntervals) {
    static final int MAX_HORIZON = 10_000;
    static final int MAX_LEVELS = 99;

    /** Most classes that a model may tell apart. */
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
            "quantileLevels: expected 0.5 among them, got " + quantileLevels);
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
            "calibrationRate: expected 0 where no quantiles are forecast, got " + calibrationRate);
      }
      if (!warmUpIntervals.isNone() && quantileLevels.isEmpty()) {
        throw new IllegalArgumentException(
            "cold: expected nothing where no quantiles are forecast, got "
                + warmUpIntervals.factors().size()
                + " groups");
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

    /** Quantiles that are as wide while a series is cold as later, or what has none. */
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
          WarmUpIntervals.NONE);
    }

    /** Quantiles that are not calibrated, or what has none. */
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

    /** A head over the linear decoder. */
    public Output(
        int horizon,
        HeadKind head,
        LossKind loss,
        List<Double> quantileLevels,
        BaselineSpec baseline) {
      this(horizon, head, loss, quantileLevels, 0, Decoding.LINEAR, baseline);
    }

    /** Probabilities of classes. */
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

    /** A head over the linear decoder, taught by its usual loss. */
    public Output(int horizon, HeadKind head, List<Double> quantileLevels, BaselineSpec baseline) {
      this(horizon, head, head.losses().get(0), quantileLevels, baseline);
    }

    /** Quantiles, or a point forecast where there are no levels. */
    public Output(int horizon, List<Double> quantileLevels, BaselineSpec baseline) {
      this(horizon, HeadKind.of(quantileLevels), quantileLevels, baseline);
    }

    /** Numbers forecast for each step: 1, Q or K. */
    public int valuesPerStep() {
      return Math.max(1, Math.max(classes, quantileLevels.size()));
    }

    /**
     * The middle of a forecast one step ahead: the median, the point, or the likeliest class, of
     * equals the first.
     *
     * @param values of every step ahead
     */
    double pointForecast(float[] values) {
      if (!isClassification()) {
        return values[Math.max(0, quantileLevels.indexOf(0.5))];
      }
      int likeliest = 0;
      for (int k = 1; k < classes; k++) {
        likeliest = values[k] > values[likeliest] ? k : likeliest;
      }
      return likeliest;
    }

    /** The same with another rate of calibration. */
    public Output withCalibrationRate(double rate) {
      return new Output(
          horizon, head, loss, quantileLevels, classes, decoding, baseline, rate, warmUpIntervals);
    }

    /** The same with other quantiles while a series is cold. */
    public Output withWarmUpIntervals(WarmUpIntervals warmUpIntervals) {
      return new Output(
          horizon,
          head,
          loss,
          quantileLevels,
          classes,
          decoding,
          baseline,
          calibrationRate,
          warmUpIntervals);
    }

    /** Whether quantiles are calibrated by what comes. */
    public boolean isCalibrated() {
      return calibrationRate > 0;
    }

    /** Whether values are classes, not amounts. */
    public boolean isClassification() {
      return classes > 0;
    }

    /** Whether a series may have that value: of classes, a whole number from 0 to K − 1. */
    public boolean accepts(double value) {
      return !isClassification() || (value >= 0 && value < classes && value == Math.rint(value));
    }

    /** R: raw outputs of the decoder for each step. */
    public int rawPerStep() {
      return switch (head) {
        case QUANTILES -> quantileLevels.size();
        case POINT -> 1;
        case GAUSSIAN, STUDENT_T -> 2;
        case SOFTMAX -> classes;
      };
    }

    /** J·R: raw outputs of the decoder. */
    public int rawSize() {
      return horizon * rawPerStep();
    }
  }

  /**
   * How the head's numbers are made of the hidden state.
   *
   * @param kind linear, or a small net for every step ahead
   * @param width units of that net; 0 for the linear decoder
   */
  public record Decoding(DecoderKind kind, int width) {
    /** One linear layer for all steps. */
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
