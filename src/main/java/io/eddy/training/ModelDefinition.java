package io.eddy.training;

import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.series.IntervalDetector;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The model to train: a {@link ModelPlan}, whose unspecified parts are derived from the data, or a
 * {@link PretrainedModel}, whose weights training starts from.
 */
public sealed interface ModelDefinition permits ModelPlan, PretrainedModel {
  /** Returns the names of all covariates. */
  List<String> covariateNames();

  /** Returns the names of the known-future covariates. */
  List<String> futureCovariateNames();

  /** Returns the number of steps to forecast. */
  int horizon();

  /**
   * Returns the number of classes that values are limited to, or empty if values are not classes.
   */
  OptionalInt classLimit();

  /**
   * Returns how observations are sampled.
   *
   * @param times of the data, for a definition that leaves the interval open or its begin
   * @throws InvalidPlanException if the definition and the interval do not fit together
   * @throws IllegalArgumentException if the interval is open and the times are irregular
   */
  Sampling sampling(IntervalDetector times);

  /**
   * Returns the specification of every ensemble member.
   *
   * @param series sampled as {@link #sampling} returned
   * @param split statistics of the data are taken from its training part only
   * @throws InvalidPlanException if the definition does not suit the data
   */
  List<ModelSpecification> members(
      Sampling sampling, Collection<SteppedSeries> series, TimeSplit split);

  /** Returns whether the context length was given, and not derived from the other properties. */
  boolean isContextGiven();

  /** Returns the model whose weights training starts from, or empty for random weights. */
  Optional<Model> initialModel();
}
