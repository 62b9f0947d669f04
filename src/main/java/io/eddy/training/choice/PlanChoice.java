package io.eddy.training.choice;

import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.training.ModelDefinition;
import io.eddy.training.ModelPlan;
import io.eddy.training.PretrainedModel;
import io.eddy.training.TimeSplit;
import java.util.Collection;
import java.util.List;

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
      ModelDefinition requested,
      Sampling sampling,
      Collection<SteppedSeries> series,
      TimeSplit split) {
    if (requested instanceof PretrainedModel pretrained) {
      return new PlanChoice(requested, seasons(pretrained), List.of());
    }
    PlanChooser chooser = new PlanChooser((ModelPlan) requested, sampling, series, split);
    ModelPlan plan = chooser.choose();
    return new PlanChoice(plan, plan.seasons(sampling, series, split), chooser.decisions());
  }

  private static List<Integer> seasons(PretrainedModel pretrained) {
    int season = pretrained.model().specification().output().baseline().seasonSteps();
    return season > 0 ? List.of(season) : List.of();
  }
}
