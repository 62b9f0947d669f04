package io.eddy.training;

/** Is told how a training goes. */
public interface TrainingListener {
  /** The training of member {@code index}, from 0, of {@code count} begins. */
  default void memberStarted(int index, int count) {}

  /**
   * An update was made.
   *
   * @param done updates so far
   * @param total updates of the whole run, if it does not end early
   * @param loss mean training loss of the present epoch
   */
  void updated(long done, long total, double loss);

  /** An epoch ended. */
  void epochEnded(int epoch, double trainingLoss, double validationLoss);

  /** Says nothing. */
  TrainingListener NONE =
      new TrainingListener() {
        @Override
        public void updated(long done, long total, double loss) {}

        @Override
        public void epochEnded(int epoch, double trainingLoss, double validationLoss) {}
      };
}
