package io.eddy.training;

import io.eddy.model.ModelSpecification;
import java.util.List;

/**
 * Settings of a training.
 *
 * @param epochs maximum number of epochs
 * @param patience number of epochs without a better validation loss after which training stops
 * @param optimiser settings of the optimiser
 * @param batches shape of the batches
 * @param seed seed of all random generators
 */
public record TrainingSettings(
    int epochs, int patience, Optimiser optimiser, Batches batches, long seed)
    implements TrainingSchedule {

  /**
   * Settings of the optimiser.
   *
   * @param learningRate maximum learning rate of Adam; it increases linearly during the first
   *     updates and then follows a cosine
   * @param weightDecay λ: share of itself, times the learning rate, that every weight loses in an
   *     update; does not apply to biases, embeddings and rates
   * @param averageHalfLife half-life, in updates, of the exponential average that replaces the
   *     weights; 0 keeps the weights themselves
   */
  public record Optimiser(double learningRate, double weightDecay, double averageHalfLife) {
    /** The default learning rate without weight decay and weight average. */
    public static final Optimiser DEFAULT = new Optimiser(0.004, 0, 0);

    public Optimiser {
      requireFinite("learningRate", learningRate);
      requireFinite("weightDecay", weightDecay);
      requireFinite("averageHalfLife", averageHalfLife);
    }

    /** Returns these settings with another learning rate. */
    public Optimiser withLearningRate(double learningRate) {
      return new Optimiser(learningRate, weightDecay, averageHalfLife);
    }

    private static void requireFinite(String name, double value) {
      if (!(value >= 0) || Double.isInfinite(value)) {
        throw new IllegalArgumentException(
            "%s: expected a finite number of at least 0, got %s".formatted(name, value));
      }
    }
  }

  /**
   * Shape of the batches.
   *
   * @param lanes number of lanes, a multiple of 8
   * @param truncationLength number of steps of a chunk, the length of one back-propagation
   * @param chunks number of consecutive chunks that carry the state on
   * @param updatesPerEpoch number of updates of an epoch, regardless of the size of the data set
   */
  public record Batches(int lanes, int truncationLength, int chunks, int updatesPerEpoch) {
    public static final Batches DEFAULT = new Batches(32, 48, 4, 200);
  }

  public static final TrainingSettings DEFAULT =
      new TrainingSettings(30, 5, Optimiser.DEFAULT, Batches.DEFAULT, 1);

  @Override
  public TrainingSettings settings(List<ModelSpecification> members, DataSize data) {
    return this;
  }

  /** Returns all settings in one line. Checkpoints contain this text. */
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

  /** Returns these settings with another seed. */
  TrainingSettings withSeed(long seed) {
    return new TrainingSettings(epochs, patience, optimiser, batches, seed);
  }

  /** Returns 1: these settings say nothing about the time that a training may take. */
  @Override
  public int affordableMembers(ModelSpecification member, DataSize data) {
    return 1;
  }
}
