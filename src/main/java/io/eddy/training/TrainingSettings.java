package io.eddy.training;

/**
 * How to train.
 *
 * @param epochs at most
 * @param patience epochs without a better validation loss after which it ends
 * @param optimiser what an update does
 * @param batches how batches are made
 * @param seed of everything random
 */
public record TrainingSettings(
    int epochs, int patience, Optimiser optimiser, Batches batches, long seed) {

  /**
   * What an update does.
   *
   * @param learningRate of Adam at its height; it warms up over the first steps and falls as a
   *     cosine
   * @param weightDecay λ: share of itself, times the learning rate, that every weight loses in an
   *     update; biases and embeddings lose nothing
   * @param averageHalfLife updates after which weights count half in the average that is kept in
   *     their place; 0 where the weights themselves are kept
   */
  public record Optimiser(double learningRate, double weightDecay, double averageHalfLife) {
    public Optimiser {
      requireFinite("learningRate", learningRate);
      requireFinite("weightDecay", weightDecay);
      requireFinite("averageHalfLife", averageHalfLife);
    }

    private static void requireFinite(String name, double value) {
      if (!(value >= 0) || Double.isInfinite(value)) {
        throw new IllegalArgumentException(
            "%s: expected a number from 0 on, got %s".formatted(name, value));
      }
    }
  }

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

  /** With Adam alone: no weight decay and no average. */
  public TrainingSettings(
      int epochs, int patience, double learningRate, Batches batches, long seed) {
    this(epochs, patience, new Optimiser(learningRate, 0, 0), batches, seed);
  }

  /** Every number by its name, in one line. */
  String describe() {
    return "epochs %d, patience %d, learning rate %s, weight decay %s, average %s, batches %dx%dx%dx%d, seed %d"
        .formatted(
            epochs,
            patience,
            optimiser.learningRate(),
            optimiser.weightDecay(),
            optimiser.averageHalfLife(),
            batches.lanes(),
            batches.truncationLength(),
            batches.chunks(),
            batches.updatesPerEpoch(),
            seed);
  }

  /** The same with another seed. */
  TrainingSettings withSeed(long seed) {
    return new TrainingSettings(epochs, patience, optimiser, batches, seed);
  }
}
