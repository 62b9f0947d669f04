package io.eddy.training;

/**
 * The model to train and how to train it.
 *
 * @param definition the model to train
 * @param schedule of the training
 * @param stages of the training
 * @param checkpoints where the progress is saved and resumed from
 * @param threads used for training; the result does not depend on them
 */
public record TrainingRequest(
    ModelDefinition definition,
    TrainingSchedule schedule,
    Stages stages,
    CheckpointStore checkpoints,
    int threads) {
  /**
   * Stages of a training besides the training itself.
   *
   * @param candidates specifications that a search tries first; 1 for no search
   * @param isRefit whether the model is trained again on all data after it was measured
   * @param isCombined whether the model's combination with simple forecasts is estimated; without
   *     it, the network alone forecasts
   */
  public record Stages(int candidates, boolean isRefit, boolean isCombined) {
    /** No stage besides the training. */
    public static final Stages NONE = new Stages(1, false, false);
  }

  /** A training without a search, without a refit and without checkpoints. */
  public TrainingRequest(ModelDefinition definition, TrainingSchedule schedule, int threads) {
    this(definition, schedule, Stages.NONE, CheckpointStore.NONE, threads);
  }

  /** Returns this request with another model to train. */
  public TrainingRequest with(ModelDefinition definition) {
    return new TrainingRequest(definition, schedule, stages, checkpoints, threads);
  }
}
