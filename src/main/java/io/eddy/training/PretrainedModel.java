package io.eddy.training;

import io.eddy.model.Member;
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
 * Continues the training of an existing model: same specification, its weights to start from.
 *
 * @param model the existing model, which is not modified
 */
public record PretrainedModel(Model model) implements ModelDefinition {
  @Override
  public List<String> covariateNames() {
    return model.specification().inputs().covariateNames();
  }

  @Override
  public List<String> futureCovariateNames() {
    return model.specification().inputs().futureNames();
  }

  @Override
  public int horizon() {
    return model.specification().output().horizon();
  }

  @Override
  public OptionalInt classLimit() {
    ModelSpecification.Output output = model.specification().output();
    return output.isClassification() ? OptionalInt.of(output.classes()) : OptionalInt.empty();
  }

  @Override
  public Sampling sampling(IntervalDetector times) {
    return model.specification().sampling();
  }

  @Override
  public List<ModelSpecification> members(
      Sampling sampling, Collection<SteppedSeries> series, TimeSplit split) {
    return model.members().stream().map(Member::specification).toList();
  }

  @Override
  public boolean isContextGiven() {
    return true;
  }

  @Override
  public Optional<Model> initialModel() {
    return Optional.of(model);
  }
}
