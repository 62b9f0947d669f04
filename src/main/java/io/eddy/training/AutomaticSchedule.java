package io.eddy.training;

import io.eddy.model.ModelSpecification;
import io.eddy.training.TrainingSettings.Batches;
import io.eddy.training.TrainingSettings.Optimiser;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Derives the length of a training from the size of the data and a time budget.
 *
 * <p>The number of updates grows with the cube root of the number of steps: more data need more
 * updates, but fewer passes over them. A member of an ensemble has two thirds of them, since the
 * mean of several networks needs shorter trainings. The budget limits it. The time of an update is
 * estimated by {@link TrainingCost} from counted operations and never measured, so the result
 * depends neither on the speed of the machine nor on its load.
 *
 * @param length of the training
 * @param rates settings of the optimiser
 * @param seed of all random generators
 */
public record AutomaticSchedule(Length length, Rates rates, long seed) implements TrainingSchedule {
  /** Epochs of a training without a given number of epochs. */
  static final int EPOCHS = 20;

  private static final int PATIENCE = 5;
  private static final double UPDATES_PER_THOUSAND_STEPS = 800;

  /** Updates of each member of an ensemble, relative to those of a single network. */
  private static final double SHARE_OF_MEMBER = 2.0 / 3;

  private static final int MIN_UPDATES = 300;
  private static final int MAX_UPDATES = 3000;
  private static final int TRUNCATION_LENGTH = 48;
  private static final int CHUNKS = 4;

  /** Number of steps from which all lanes are used, and below which half of them. */
  private static final long MANY_STEPS = 20_000;

  private static final int MAX_LANES = 32;
  private static final int AVERAGES_PER_TRAINING = 16;

  /** Share of the budget for training; the rest is for reading, choosing and measuring. */
  private static final double TRAINING_SHARE = 0.8;

  /** The schedule without any given setting. */
  public static final AutomaticSchedule DEFAULT =
      new AutomaticSchedule(new Length(null, null, true), Rates.DEFAULT, 1);

  /**
   * Length of a training.
   *
   * @param epochs maximum number of epochs; null to derive it
   * @param budget time on two cores that the whole training may take; null to derive it from the
   *     size of the data
   * @param isRefit whether the budget includes a second training on all data
   */
  public record Length(@Nullable Integer epochs, @Nullable Duration budget, boolean isRefit) {
    private static final double SECONDS_OF_ROOT = 750;
    private static final double MAX_SECONDS_OF_ROOT = 360;
    private static final double SECONDS_PER_MILLION_STEPS = 120;

    /**
     * Returns the budget for a data set. The default grows with the square root of the number of
     * steps up to 6 minutes at 230,000 steps, and from 3 million steps on by 2 minutes per million.
     */
    public Duration budget(long steps) {
      if (budget != null) {
        return budget;
      }
      double millions = steps * 1e-6;
      double root = Math.min(MAX_SECONDS_OF_ROOT, SECONDS_OF_ROOT * Math.sqrt(millions));
      return Duration.ofMillis(
          (long) (1000 * Math.max(root, SECONDS_PER_MILLION_STEPS * millions)));
    }
  }

  /**
   * Settings of the optimiser.
   *
   * @param learningRate maximum learning rate
   * @param weightDecay as in {@link Optimiser}
   * @param averageHalfLife as in {@link Optimiser}; null for a fixed share of the updates
   */
  public record Rates(double learningRate, double weightDecay, @Nullable Double averageHalfLife) {
    public static final Rates DEFAULT = new Rates(0.004, 0.3, null);
  }

  @Override
  public TrainingSettings settings(List<ModelSpecification> members, DataSize data) {
    int lanes = lanes(data.steps());
    double updates = updates(data.steps()) * (members.size() == 1 ? 1 : SHARE_OF_MEMBER);
    Integer epochs = length.epochs();
    if (epochs == null) {
      updates = Math.min(updates, affordableUpdates(members, data.steps()));
    }
    int perEpoch = Math.max(1, (int) Math.round(updates / (EPOCHS * CHUNKS))) * CHUNKS;
    Double halfLife = rates.averageHalfLife();
    return new TrainingSettings(
        epochs == null ? EPOCHS : epochs,
        epochs == null ? PATIENCE : TrainingSettings.DEFAULT.patience(),
        new Optimiser(
            rates.learningRate(),
            rates.weightDecay(),
            halfLife == null ? (double) perEpoch * EPOCHS / AVERAGES_PER_TRAINING : halfLife),
        new Batches(lanes, TRUNCATION_LENGTH, CHUNKS, perEpoch),
        seed);
  }

  private static int lanes(long steps) {
    return steps < MANY_STEPS ? MAX_LANES / 2 : MAX_LANES;
  }

  private static int updates(long steps) {
    double updates = UPDATES_PER_THOUSAND_STEPS * StrictMath.cbrt(steps * 1e-3);
    return (int) Math.max(MIN_UPDATES, Math.min(MAX_UPDATES, updates));
  }

  /** Returns the number of updates of each member that the budget covers. */
  private double affordableUpdates(List<ModelSpecification> members, long steps) {
    double seconds =
        TRAINING_SHARE * length.budget(steps).toMillis() / 1000 / (length.isRefit() ? 2 : 1);
    double laneSteps = (double) lanes(steps) * TRUNCATION_LENGTH;
    double perUpdate =
        members.stream().mapToDouble(member -> TrainingCost.seconds(member, laneSteps)).sum();
    return seconds / perUpdate;
  }

  @Override
  public int affordableMembers(ModelSpecification member, DataSize data) {
    if (length.epochs() != null) {
      return 1;
    }
    double perMember = SHARE_OF_MEMBER * updates(data.steps());
    return (int) Math.max(1, affordableUpdates(List.of(member), data.steps()) / perMember);
  }
}
