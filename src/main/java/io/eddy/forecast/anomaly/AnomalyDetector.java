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
  private static final int FLAGS_BYTES = 1 + 2 * Double.BYTES;
  private static final Expectation UNKNOWN = new Expectation(Double.NaN, Double.NaN, Double.NaN);

  private final SeasonClock clock;
  private final SeasonProfile profile = new SeasonProfile();
  private final StepStatistics statistics = new StepStatistics();
  private final SimpleExpectation simple = new SimpleExpectation();
  private final Strength strength = new Strength();
  private final RecentAlarms alarms = new RecentAlarms();
  private final AlarmThreshold threshold;
  private final EpisodeTracker episodes = new EpisodeTracker();
  private boolean isSeasonalBefore;
  private double levelBefore;
  private double scaleBefore;

  /** Creates a detector for one series. */
  public AnomalyDetector(AnomalySettings settings) {
    clock = new SeasonClock(settings.intervalMs());
    threshold = new AlarmThreshold(settings.falseAlarmsPerStep());
  }

  /** Scores the next step by the simple forecasters. */
  public AnomalyScore observe(long timestampMs, double value) {
    return observe(timestampMs, value, null);
  }

  /**
   * Scores the next step.
   *
   * @param value finite
   * @param forecast of this step by a model, made before it; null for the simple forecasters
   */
  public AnomalyScore observe(long timestampMs, double value, @Nullable Expectation forecast) {
    int bin = clock.bin(timestampMs);
    boolean isFirst = statistics.steps() == 0;
    double seasonMean = profile.mean(bin);
    Expectation own =
        isFirst
            ? new Expectation(value, value, value)
            : simple.next(statistics.lastValue(), statistics.level(), seasonMean);
    Expectation expected = forecast == null ? own : forecast;
    double usualLevel = isFirst ? value : statistics.usualLevel();
    if (!episodes.isOpen()) {
      isSeasonalBefore = simple.isSeasonal();
      levelBefore = isFirst ? value : statistics.level();
      scaleBefore = isSeasonalBefore ? simple.seasonError() : simple.error();
    }
    double distance = forecast == null ? 0 : forecast.distance(value);
    double[] values = statistics.add(value, bin, profile, distance);
    int count = Statistic.count(forecast != null);
    double raw = strength.add(values, count);
    profile.add(bin, value, clock.visits());
    double remaining = alarms.add(raw);
    double limit = threshold.value();
    double reference = isSeasonalBefore && !Double.isNaN(seasonMean) ? seasonMean : levelBefore;
    double pValue = pValue(value, expected);
    simple.add(value, usualLevel);
    track(
        new EpisodeTracker.ScoredStep(
            timestampMs,
            value,
            score(remaining),
            raw,
            limit,
            expected,
            reference,
            scaleBefore,
            statistics.sameSteps(),
            strength.isRecord(Statistic.FLAT)),
        count);
    return new AnomalyScore(
        score(remaining), score(limit), pValue, expected, episodes.change(), episodes.episode());
  }

  private void track(EpisodeTracker.ScoredStep step, int count) {
    boolean hasEnded = episodes.endAbsence();
    boolean isBegin = !hasEnded && !episodes.isOpen() && step.strength() > step.threshold();
    if (isBegin) {
      episodes.begin(step, kind(count));
    } else if (!hasEnded) {
      episodes.add(step);
    }
    threshold.add(step.strength(), isBegin);
  }

  /** Returns the kind that the begin of an episode suggests. */
  private AnomalyKind kind(int count) {
    return switch (strength.largest(count)) {
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
    Expectation expected =
        statistics.steps() == 0
            ? UNKNOWN
            : simple.next(
                statistics.lastValue(), statistics.level(), profile.mean(clock.bin(timestampMs)));
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
    return FLAGS_BYTES
        + StepStatistics.BYTES
        + SimpleExpectation.BYTES
        + Strength.BYTES
        + RecentAlarms.BYTES
        + AlarmThreshold.BYTES
        + profile.bytes()
        + episodes.bytes();
  }

  /** Writes the state between two steps, big-endian. */
  public void put(ByteBuffer bytes) {
    bytes.put((byte) (isSeasonalBefore ? 1 : 0)).putDouble(levelBefore).putDouble(scaleBefore);
    statistics.put(bytes);
    simple.put(bytes);
    strength.put(bytes);
    alarms.put(bytes);
    threshold.put(bytes);
    profile.put(bytes);
    episodes.put(bytes);
  }

  /**
   * Restores a state that a detector of the same interval wrote. With another rate of false alarms
   * the threshold is learned again.
   */
  public void get(ByteBuffer bytes) {
    isSeasonalBefore = bytes.get() != 0;
    levelBefore = bytes.getDouble();
    scaleBefore = bytes.getDouble();
    statistics.get(bytes);
    simple.get(bytes);
    strength.get(bytes);
    alarms.get(bytes);
    threshold.get(bytes);
    profile.get(bytes);
    episodes.get(bytes);
  }

  private static double score(double strength) {
    return strength / (1 + strength);
  }

  /** Returns the two-sided p-value of a Laplace distribution with the interval's 90 %. */
  private static double pValue(double value, Expectation expected) {
    return Logarithm.exp(Logarithm.log(0.1) * Math.abs(expected.distance(value)));
  }
}
