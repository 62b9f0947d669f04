package io.eddy.forecast.anomaly;

import io.eddy.model.Logarithm;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Scores the steps of one series and finds its episodes.
 *
 * <p>The method follows the anomaly likelihood of Ahmad, Lavin, Purdy and Agha, "Unsupervised
 * real-time anomaly detection for streaming data" (2017): short and long windows of a statistic are
 * compared, and the score is relative to the statistic's own recent distribution.
 *
 * <p>A step costs the same whatever the length of the series. The results depend on nothing but the
 * steps, bit for bit. Use one instance per series, from one thread.
 */
public final class AnomalyDetector {
  private static final int BEFORE_BYTES = 1 + 2 * Double.BYTES;
  private static final Expectation UNKNOWN = new Expectation(Double.NaN, Double.NaN, Double.NaN);

  private final SeasonClock clock;
  private final SeasonProfile profile;
  private final StepStatistics statistics = new StepStatistics();
  private final SimpleExpectation simple = new SimpleExpectation();
  private final Strength strength = new Strength();
  private final RecentAlarms alarms = new RecentAlarms();
  private final AlarmThreshold threshold;
  private final EpisodeTracker episodes = new EpisodeTracker();
  private boolean isSeasonalBefore;
  private double levelBefore;
  private double scaleBefore;

  // The last step, from which its score is computed if it is asked for.
  private double value;
  private @Nullable Expectation forecast;
  private double remaining;
  private double limit;

  /** Creates a detector for one series. */
  public AnomalyDetector(AnomalySettings settings) {
    this(new DetectorParameters(settings));
  }

  /** Creates a detector for one series, with parameters that others may use, too. */
  public AnomalyDetector(DetectorParameters parameters) {
    clock = parameters.clock();
    profile = new SeasonProfile(clock);
    threshold = new AlarmThreshold(parameters.rate());
  }

  /** Scores the next step by the simple forecasters. */
  public AnomalyScore observe(long timestampMs, double value) {
    return observe(timestampMs, value, null);
  }

  /** Adds a step as {@link #add} does and returns its score. */
  public AnomalyScore observe(long timestampMs, double value, @Nullable Expectation forecast) {
    add(timestampMs, value, forecast);
    return score();
  }

  /**
   * Adds the next step.
   *
   * @param value finite
   * @param forecast of this step by a model, made before it; null for the simple forecasters
   * @return whether an episode begins or ends at it
   */
  public boolean add(long timestampMs, double value, @Nullable Expectation forecast) {
    int bin = clock.bin(timestampMs);
    double seasonMean = profile.mean(bin);
    boolean isFirst = statistics.steps() == 0;
    double level = isFirst ? value : statistics.level();
    double usualLevel = isFirst ? value : statistics.usualLevel();
    simple.forecast(isFirst ? value : statistics.lastValue(), level, seasonMean);
    if (!episodes.isOpen()) {
      isSeasonalBefore = simple.isSeasonal();
      levelBefore = level;
      scaleBefore = isSeasonalBefore ? simple.seasonError() : simple.error();
    }
    double distance = forecast == null ? 0 : forecast.distance(value);
    double excess = profile.excess(bin, value);
    double[] values = statistics.add(value, seasonMean, excess, distance);
    double raw = strength.add(values, forecast != null);
    profile.add(bin, value);
    this.value = value;
    this.forecast = forecast;
    remaining = alarms.add(raw);
    limit = threshold.value();
    boolean isAbove = raw > limit;
    boolean hasBegun = false;
    if (isAbove || episodes.isActive()) {
      double reference = isSeasonalBefore && !Double.isNaN(seasonMean) ? seasonMean : levelBefore;
      hasBegun = track(timestampMs, reference, raw);
    } else {
      episodes.addUsual();
    }
    threshold.add(raw, hasBegun);
    simple.add(value, usualLevel, 1.0 / statistics.steps());
    return hasBegun || episodes.change() == AnomalyScore.Change.END;
  }

  /** Adds the last step to the episodes; returns whether one begins. */
  private boolean track(long timestampMs, double reference, double raw) {
    EpisodeTracker.ScoredStep step =
        new EpisodeTracker.ScoredStep(
            timestampMs,
            value,
            score(remaining),
            Logarithm.exp(raw),
            Logarithm.exp(limit),
            expected(),
            reference,
            scaleBefore,
            statistics.sameSteps(),
            strength.isRecord(Statistic.FLAT));
    boolean hasEnded = episodes.endAbsence();
    boolean isBegin = !hasEnded && !episodes.isOpen() && raw > limit;
    if (isBegin) {
      episodes.begin(step, kind());
    } else if (!hasEnded) {
      episodes.add(step);
    }
    return isBegin;
  }

  private Expectation expected() {
    Expectation given = forecast;
    return given == null ? simple.expectation() : given;
  }

  /** Returns the score of the step that was added last. */
  public AnomalyScore score() {
    Expectation expected = expected();
    return new AnomalyScore(
        score(remaining),
        score(limit),
        pValue(value, expected),
        expected,
        episodes.change(),
        episodes.episode());
  }

  /** Returns the kind that the begin of an episode suggests. */
  private AnomalyKind kind() {
    return switch (strength.largest(forecast != null)) {
      case FLAT -> AnomalyKind.FLAT_LINE;
      case QUIET -> AnomalyKind.VARIANCE_CHANGE;
      case LEVEL, SEASON_MEAN, SEASON_BOUNDS_MEAN, FORECAST_MEAN -> AnomalyKind.LEVEL_SHIFT;
      case RANGE, SEASON_BOUNDS, RELATIVE, FORECAST -> AnomalyKind.SPIKE;
    };
  }

  /**
   * Adds a step that has no value.
   *
   * @param isLast whether no later value is known, so that the series is silent
   */
  public AnomalyScore absent(long timestampMs, boolean isLast) {
    Expectation expected = UNKNOWN;
    if (statistics.steps() > 0) {
      simple.forecast(
          statistics.lastValue(), statistics.level(), profile.mean(clock.bin(timestampMs)));
      expected = simple.expectation();
    }
    episodes.addAbsent(
        timestampMs, isLast ? AnomalyKind.SILENCE : AnomalyKind.MISSING_DATA, expected);
    Episode episode = episodes.episode();
    double score = episode == null || !episode.kind().isAbsence() ? 0 : episode.severity();
    return new AnomalyScore(
        score, score(threshold.value()), Double.NaN, expected, episodes.change(), episode);
  }

  /** Returns how many further steps without a value begin and end no episode. */
  public long uneventfulAbsences() {
    return episodes.uneventfulAbsences();
  }

  /**
   * Adds steps without a value that begin and end no episode, at the cost of one.
   *
   * @param lastMs start of the last one
   * @param steps at most {@link #uneventfulAbsences}
   */
  public void skipAbsences(long lastMs, long steps) {
    episodes.addUneventfulAbsences(lastMs, steps);
  }

  /** Adds steps without a value that were reported already: they begin no episode. */
  public void addReportedAbsences(long steps) {
    episodes.addReportedAbsences(steps);
  }

  /** Returns the number of steps without a value with which an absence begins as an episode. */
  public long absenceLimit() {
    return episodes.absenceLimit();
  }

  /** Returns whether no value was observed yet. */
  public boolean isEmpty() {
    return statistics.steps() == 0;
  }

  /** Returns the number of bytes that {@link #put} writes. */
  public int bytes() {
    return StepStatistics.BYTES
        + SimpleExpectation.BYTES
        + Strength.BYTES
        + RecentAlarms.BYTES
        + AlarmThreshold.BYTES
        + profile.bytes()
        + episodes.bytes()
        + (episodes.isOpen() ? BEFORE_BYTES : 0);
  }

  /** Writes the state between two steps, big-endian. */
  public void put(ByteBuffer bytes) {
    statistics.put(bytes);
    simple.put(bytes);
    strength.put(bytes);
    alarms.put(bytes);
    threshold.put(bytes);
    profile.put(bytes);
    episodes.put(bytes);
    if (episodes.isOpen()) {
      bytes.put((byte) (isSeasonalBefore ? 1 : 0)).putDouble(levelBefore).putDouble(scaleBefore);
    }
  }

  /**
   * Restores a state that a detector of the same interval wrote. With another rate of false alarms
   * the threshold is learned again.
   */
  public void get(ByteBuffer bytes) {
    statistics.get(bytes);
    simple.get(bytes);
    strength.get(bytes);
    alarms.get(bytes);
    threshold.get(bytes);
    profile.get(bytes);
    episodes.get(bytes);
    if (episodes.isOpen()) {
      isSeasonalBefore = bytes.get() != 0;
      levelBefore = bytes.getDouble();
      scaleBefore = bytes.getDouble();
    }
  }

  /** Returns s / (1 + s) of a strength s, given its logarithm. */
  private static double score(double strength) {
    return strength == Double.NEGATIVE_INFINITY ? 0 : 1 / (1 + Logarithm.exp(-strength));
  }

  /** Returns the two-sided p-value of a Laplace distribution with the interval's 90 %. */
  private static double pValue(double value, Expectation expected) {
    return Logarithm.exp(Logarithm.log(0.1) * Math.abs(expected.distance(value)));
  }
}
