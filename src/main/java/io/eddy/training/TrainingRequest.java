package io.eddy.training;

/**
 * The model to train and the training settings.
 *
 * @param definition the model to train
 * @param settings of the training
 * @param candidates specifications that a search tries first; 1 for no search
 * @param checkpoints where the progress is saved and resumed from
 * @param threads used for training; the result does not depend on them
 */
public record TrainingRequest(
    ModelDefinition definition,
    TrainingSettings settings,
    int candidates,
    CheckpointStore checkpoints,
    int threads) {
  /** A training without a search and without checkpoints. */
  public TrainingRequest(ModelDefinition definition, TrainingSettings settings, int threads) {
    this(definition, settings, 1, CheckpointStore.NONE, threads);
  }
}
