package io.eddy.training;

/**
 * How to train.
 *
 * @param epochs at most
 * @param patience epochs without a better validation loss after which it ends
 * @param learningRate of Adam at its height; it warms up over the first steps and falls as a cosine
 * @param batches how batches are made
 * @param seed of everything random
 */
public record TrainingSettings(
    int epochs, int patience, double learningRate, Batches batches, long seed) {

  /**
   * How batches are made.
   *
   * @param lanes sequences side by side, a multiple of 8
   * @param truncationLength steps of one back-propagation
   * @param chunks back-propagations in a row that carry the state on
   * @param updatesPerEpoch updates of an epoch, whatever the size of the data set
   */
  public record Batches(int lanes, int truncationLength, int chunks, int updatesPerEpoch) {
    public static final Batches DEFAULT = new Batches(32, 48, 4, 200);
  }

  public static final TrainingSettings DEFAULT =
      new TrainingSettings(30, 5, 0.004, Batches.DEFAULT, 1);

  /** The same with another seed. */
  TrainingSettings withSeed(long seed) {
    return new TrainingSettings(epochs, patience, learningRate, batches, seed);
  }
}
