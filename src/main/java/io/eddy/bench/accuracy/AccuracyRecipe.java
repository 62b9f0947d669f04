package io.eddy.bench.accuracy;

import io.eddy.model.ModelSpecification;
import io.eddy.nn.CellKind;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.training.TimeSplit;
import io.eddy.training.TrainingSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the model of a protocol is trained.
 *
 * @param members specification of each member, at least one, all with the same sampling and output
 * @param settings of every member's training; the seed is that of the first member
 * @param validationSteps steps before the first origin that are used for early stopping; 0 to train
 *     on all steps for the full number of epochs
 * @param learnsFromAll whether series that are not forecast are trained on too
 * @param updates periodic retraining; null for none
 */
public record AccuracyRecipe(
    List<ModelSpecification> members,
    TrainingSettings settings,
    int validationSteps,
    boolean learnsFromAll,
    @Nullable Updates updates) {

  public AccuracyRecipe {
    if (members.isEmpty() || validationSteps < 0) {
      throw new IllegalArgumentException(
          "recipe: expected at least 1 member and 0 steps of validation, got %d and %d"
              .formatted(members.size(), validationSteps));
    }
    members = List.copyOf(members);
  }

  /**
   * Periodic retraining.
   *
   * @param every event time between two versions
   * @param settings of each training
   */
  record Updates(Duration every, TrainingSettings settings) {}

  /** Returns how series are sampled. */
  Sampling sampling() {
    return members.get(0).sampling();
  }

  /** Returns what is forecast. */
  public ModelSpecification.Output output() {
    return members.get(0).output();
  }

  /** Returns this recipe with another number of epochs for every training. */
  public AccuracyRecipe withEpochs(int epochs) {
    return new AccuracyRecipe(
        members,
        with(settings, epochs, settings.seed()),
        validationSteps,
        learnsFromAll,
        updates == null
            ? null
            : new Updates(
                updates.every(), with(updates.settings(), epochs, updates.settings().seed())));
  }

  /** Returns this recipe with another seed for every training. */
  public AccuracyRecipe withSeed(long seed) {
    return new AccuracyRecipe(
        members,
        with(settings, settings.epochs(), seed),
        validationSteps,
        learnsFromAll,
        updates == null
            ? null
            : new Updates(
                updates.every(), with(updates.settings(), updates.settings().epochs(), seed)));
  }

  private static TrainingSettings with(TrainingSettings settings, int epochs, long seed) {
    return new TrainingSettings(
        epochs, settings.patience(), settings.optimiser(), settings.batches(), seed);
  }

  /** Returns this recipe with the first {@code count} members only. */
  public AccuracyRecipe withMembers(int count) {
    return new AccuracyRecipe(
        members.subList(0, Math.min(count, members.size())),
        settings,
        validationSteps,
        learnsFromAll,
        updates);
  }

  /** Returns this recipe with another kind of cell in every member. */
  public AccuracyRecipe withCell(CellKind cell) {
    return new AccuracyRecipe(
        members.stream().map(member -> withCell(member, cell)).toList(),
        settings,
        validationSteps,
        learnsFromAll,
        updates);
  }

  private static ModelSpecification withCell(ModelSpecification member, CellKind cell) {
    ModelSpecification.Network network = member.network();
    return new ModelSpecification(
        new ModelSpecification.Network(
            cell, network.hiddenSize(), network.dilations(), network.dropout()),
        member.sampling(),
        member.inputs(),
        member.output(),
        member.contextLength(),
        member.provenance());
  }

  /** Returns the split of the past into training and validation. */
  TimeSplit split(Collection<SteppedSeries> past) {
    long end =
        past.stream().mapToLong(one -> one.firstStep() + one.size()).max().orElse(Long.MIN_VALUE);
    return new TimeSplit(end - validationSteps, end);
  }
}
