package io.eddy.training;

import io.eddy.model.ModelSpecification;
import io.eddy.model.Transform;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Checks that values have the logarithm that a model takes of them. */
public final class TransformCheck {
  private TransformCheck() {}

  /**
   * Checks the values of all series.
   *
   * @return a sentence about values of 0, which have no logarithm but are accepted
   * @throws InvalidPlanException if a value is negative
   */
  static Optional<String> of(List<ModelSpecification> members, Collection<SteppedSeries> series) {
    if (members.stream().noneMatch(member -> member.inputs().transform() == Transform.LOG)) {
      return Optional.empty();
    }
    return Optional.of(describeZeros(series, members.get(0).sampling()))
        .filter(sentence -> !sentence.isEmpty());
  }

  /**
   * Checks that no value is negative.
   *
   * @throws InvalidPlanException if one is
   */
  public static void requireLogarithms(Collection<SteppedSeries> series, Sampling sampling) {
    describeZeros(series, sampling);
  }

  /** Describes values of 0; empty if there is none. */
  private static String describeZeros(Collection<SteppedSeries> series, Sampling sampling) {
    long zeros = 0;
    long known = 0;
    for (SteppedSeries s : series) {
      for (int t = 0; t < s.size(); t++) {
        double value = s.values()[t];
        if (value < 0) {
          throw new InvalidPlanException(
              "transform log: expected values of at least 0, series %s at %s has %s; use transform"
                      .formatted(
                          s.name(),
                          Instant.ofEpochMilli(sampling.startMs(s.firstStep() + t)),
                          value)
                  + " none");
        }
        zeros += value == 0 ? 1 : 0;
        known += Double.isNaN(value) ? 0 : 1;
      }
    }
    return zeros == 0
        ? ""
        : "transform log: %,d of %,d values are 0 and count as a thousandth of their series' level"
            .formatted(zeros, known);
  }
}
