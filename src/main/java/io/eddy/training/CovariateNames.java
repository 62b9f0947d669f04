package io.eddy.training;

import io.eddy.model.Covariate;
import io.eddy.series.Covariates;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * Names of the covariates by kind.
 *
 * @param past measured with each value
 * @param future known for the steps ahead as well
 * @param statics constant for each series
 */
public record CovariateNames(List<String> past, List<String> future, List<String> statics) {
  public static final CovariateNames NONE = new CovariateNames(List.of(), List.of(), List.of());

  public CovariateNames {
    past = List.copyOf(past);
    future = List.copyOf(future);
    statics = List.copyOf(statics);
    List<String> all = join(past, future, statics);
    all.forEach(Covariate::requireName);
    if (new HashSet<>(all).size() < all.size() || all.size() > Covariates.MAX_COUNT) {
      throw new InvalidPlanException(
          "covariates: expected at most %d names, each once, got %s"
              .formatted(Covariates.MAX_COUNT, String.join(",", all)));
    }
  }

  /** Returns all names: past, future, static. */
  public List<String> all() {
    return join(past, future, statics);
  }

  private static List<String> join(List<String> past, List<String> future, List<String> statics) {
    return Stream.of(past, future, statics).flatMap(List::stream).toList();
  }
}
