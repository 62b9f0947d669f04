package io.eddy.training;

/** Receives the progress of a training. */
public interface TrainingListener {
  /** Called when a stage starts. Progress of updates is that of the current stage. */
  default void stageStarted(Stage stage) {}

  /** Called when the training of member {@code index}, from 0, of {@code count} starts. */
  default void memberStarted(int index, int count) {}

  /**
   * Called after an update.
   *
   * @param done number of updates so far
   * @param total number of updates of the whole training unless it stops early
   * @param loss mean training loss of the current epoch
   */
  void updated(long done, long total, double loss);

  /** Called after an epoch. */
  void epochEnded(int epoch, double trainingLoss, double validationLoss);

  /** Stages of a training. */
  enum Stage {
    /** Derives the model from the data. */
    CHOICE,
    /** Tries candidates. */
    SEARCH,
    /** Trains on the training part. */
    TRAINING,
    /** Measures warm-up intervals and errors. */
    MEASUREMENT,
    /** Trains again on all data. */
    REFIT
  }

  /** A listener that ignores all events. */
  TrainingListener NONE =
      new TrainingListener() {
        @Override
        public void updated(long done, long total, double loss) {}

        @Override
        public void epochEnded(int epoch, double trainingLoss, double validationLoss) {}
      };
}
