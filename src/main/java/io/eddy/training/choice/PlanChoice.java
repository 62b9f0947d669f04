package io.eddy.training.choice;

import io.eddy.model.CombinationSpec;
import io.eddy.model.ModelSpecification;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.training.ModelDefinition;
import io.eddy.training.ModelPlan;
import io.eddy.training.PretrainedModel;
import io.eddy.training.TimeSplit;
import io.eddy.training.TrainingRequest;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * The choice of everything that a model definition leaves open.
 *
 * @param definition without open properties
 * @param seasons of the data in steps, the shortest first
 * @param decisions with reasons, in the order of the report
 */
public record PlanChoice(
    ModelDefinition definition, List<Integer> seasons, List<Decision> decisions) {
  public PlanChoice {
    seasons = seasons.stream().sorted().toList();
    decisions = List.copyOf(decisions);
  }

  /**
   * Chooses by the training and validation parts of the data.
   *
   * @throws io.eddy.training.InvalidPlanException if the requested model does not suit the data
   */
  public static PlanChoice of(
      TrainingRequest request,
      Sampling sampling,
      Collection<SteppedSeries> series,
      TimeSplit split) {
    if (request.definition() instanceof PretrainedModel pretrained) {
      return new PlanChoice(pretrained, seasons(pretrained), List.of());
    }
    PlanChooser chooser =
        new PlanChooser((ModelPlan) request.definition(), sampling, series, split);
    ModelPlan plan = chooser.choose(request.schedule());
    return new PlanChoice(plan, plan.seasons(sampling, series, split), chooser.decisions());
  }

  /**
   * Returns the seasons of the data and that of the baseline of a model, which a search may have
   * changed, ascending; at most as many as a model combines.
   */
  public List<Integer> seasonsWith(ModelSpecification specification) {
    int season = specification.output().baseline().seasonSteps();
    return Stream.concat(Stream.of(season).filter(steps -> steps > 1), seasons.stream())
        .distinct()
        .limit(ModelPlan.Baseline.MAX_SEASONS)
        .sorted()
        .toList();
  }

  private static List<Integer> seasons(PretrainedModel pretrained) {
    ModelSpecification.Output output = pretrained.model().specification().output();
    if (!output.combination().isNone()) {
      return output.combination().seasons().stream().map(CombinationSpec.Season::steps).toList();
    }
    int season = output.baseline().seasonSteps();
    return season > 1 ? List.of(season) : List.of();
  }
}
