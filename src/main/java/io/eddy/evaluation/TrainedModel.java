package io.eddy.evaluation;

import io.eddy.model.InvalidModelException;
import io.eddy.model.Model;
import io.eddy.model.TrainingRun;
import io.eddy.model.io.ModelFile;
import io.eddy.training.TrainingJob;
import io.eddy.training.choice.Decision;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A trained model with the evaluation of the measured model, which is the same unless the model was
 * refitted.
 */
public final class TrainedModel {
  private final ModelFile file;
  private final Measurement measurement;
  private final TrainingJob.@Nullable Refit refit;

  /**
   * The model that was trained on the training part, and its evaluation on the test split.
   *
   * @param model the measured model
   * @param training its training
   * @param remarks about the training
   * @param test the test split
   * @param comparison with baselines; null for classes, or without a point to measure
   */
  record Measurement(
      Model model,
      TrainingJob.Result training,
      Remarks remarks,
      TestSplit test,
      @Nullable BaselineComparison comparison) {}

  /**
   * Remarks about a training.
   *
   * @param seasons of the data in steps, ascending
   * @param decisions what was chosen automatically
   * @param notes sentences about what was assumed
   */
  record Remarks(List<Integer> seasons, List<Decision> decisions, List<String> notes) {}

  TrainedModel(ModelFile file, Measurement measurement, TrainingJob.@Nullable Refit refit) {
    this.file = file;
    this.measurement = measurement;
    this.refit = refit;
  }

  /** Returns the model file; not a copy. */
  public byte[] file() {
    return file.bytes();
  }

  /** Returns the model of the file. */
  public Model model() {
    return file.model();
  }

  /** Returns the model whose errors were measured. */
  public Model measured() {
    return measurement.model();
  }

  /** Returns the seasons of the data in steps, ascending. */
  public List<Integer> seasons() {
    return measurement.remarks().seasons();
  }

  /** Returns what was chosen automatically, with reasons. */
  public List<Decision> decisions() {
    return measurement.remarks().decisions();
  }

  /** Returns the second training; null if none was requested. */
  public TrainingJob.@Nullable Refit refit() {
    return refit;
  }

  /** Returns whether the model of the file was trained on all data. */
  public boolean isRefitted() {
    return run().isRefitted();
  }

  /** Returns the ranges of the data and the epochs of the model of the file. */
  public TrainingRun run() {
    TrainingRun run = model().specification().provenance().training();
    if (run == null) {
      throw new IllegalStateException("a trained model has the ranges of its data");
    }
    return run;
  }

  /** Returns the scores on the test split, as the model file has them; may be empty. */
  public Map<String, Double> scores() {
    return model().specification().provenance().scores();
  }

  /** Returns the training of the measured model. */
  public TrainingJob.Result training() {
    return measurement.training();
  }

  /** Returns sentences about what was assumed. */
  public List<String> notes() {
    return measurement.remarks().notes();
  }

  /** Returns the comparison with baselines; null for classes, or without a point to measure. */
  public @Nullable BaselineComparison comparison() {
    return measurement.comparison();
  }

  /** Checks the context length on the data; empty if they are too short. */
  public Optional<ContextLengthCheck> checkContextLength() {
    return ContextLengthCheck.of(model(), measurement.test().series());
  }

  /**
   * Compares the measured model with the serving one on the part of the test split that neither has
   * learned from.
   *
   * @throws InvalidModelException if the two cannot be compared
   */
  public ModelComparison compareWith(Model serving) {
    TestSplit test = measurement.test();
    TrainingRun other = serving.specification().provenance().training();
    if (other == null) {
      return ModelComparison.of(test, measured(), serving);
    }
    Instant learned = other.learnedUntil();
    long from = model().specification().sampling().stepOf(learned.toEpochMilli() - 1) + 1;
    return ModelComparison.of(test.startingAt(from), measured(), serving);
  }
}
