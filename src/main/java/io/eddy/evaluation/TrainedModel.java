package io.eddy.evaluation;

import io.eddy.model.Model;
import io.eddy.model.io.ModelFile;
import io.eddy.training.TrainingJob;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A trained model with its evaluation on the test split. */
public final class TrainedModel {
  private final ModelFile file;
  private final TrainingJob.Result training;
  private final TestSplit test;
  private final @Nullable BaselineComparison comparison;

  TrainedModel(
      ModelFile file,
      TrainingJob.Result training,
      TestSplit test,
      @Nullable BaselineComparison comparison) {
    this.file = file;
    this.training = training;
    this.test = test;
    this.comparison = comparison;
  }

  /** Returns the model file; not a copy. */
  public byte[] file() {
    return file.bytes();
  }

  public Model model() {
    return file.model();
  }

  /** Returns the scores on the test split, as the model file has them; may be empty. */
  public Map<String, Double> scores() {
    return model().specification().provenance().scores();
  }

  public TrainingJob.Result training() {
    return training;
  }

  /** Returns the comparison with baselines; null for classes, or without a point to measure. */
  public @Nullable BaselineComparison comparison() {
    return comparison;
  }

  /** Checks the context length on the data; empty if they are too short. */
  public Optional<ContextLengthCheck> checkContextLength() {
    return ContextLengthCheck.of(model(), test.series());
  }

  /**
   * Compares this model with the serving one on the test split.
   *
   * @throws io.eddy.model.InvalidModelException if the two cannot be compared
   */
  public ModelComparison compareWith(Model serving) {
    return ModelComparison.of(test, model(), serving);
  }
}
