package io.eddy.rollout;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation.Terms;
import io.eddy.series.Interval;
import java.util.List;

/** Scores and activations for tests of rollout decisions. */
final class Scores {
  static final ModelVersion OLD = new ModelVersion("0a".repeat(32));
  static final ModelVersion BAD = new ModelVersion("0b".repeat(32));
  static final ModelVersion NEW = new ModelVersion("0c".repeat(32));

  private Scores() {}

  static Activation serving(long epoch, ModelVersion version, long revokedEpoch) {
    return new Activation(
        "m",
        epoch,
        version,
        Terms.serving(Scope.all(), null),
        "",
        new ActivationCause(null, revokedEpoch));
  }

  /** Returns a score of two steps, one measured; seasonal naive's error is 4 on all steps. */
  static Score score(String series, int origin, double error, ModelVersion version, long epoch) {
    float[] errors = {(float) error, Float.NaN};
    return new Score(
        new Forecast.Origin(
            series,
            origin * 3_600_000L,
            Interval.ofMillis(3_600_000),
            new Forecast.Served(version, epoch),
            true),
        List.of(0.5),
        new Score.Errors(errors, errors, errors, new float[] {0}, new float[0]),
        new Score.Naive(new float[] {4, Float.NaN}, 4),
        new int[] {0, -1});
  }
}
