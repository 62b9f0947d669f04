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
 * How the model of a protocol is made.
 *
 * @param members what each net is like, at least one, all of one sampling and output
 * @param settings of every net's training, but for the seed, which is the first one's
 * @param validationSteps the last steps before the first origin, by which a training stops early; 0
 *     where all of them are learnt from, for as many epochs as the settings say
 * @param learnsFromAll whether series that are not forecast are learnt from too
 * @param updates how weights are trained on as time goes on; null where they stay
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
   * Weights that are trained on.
   *
   * @param every event time between two versions
   * @param settings of each training
   */
  record Updates(Duration every, TrainingSettings settings) {}

  /** The grid that series lie on. */
  Sampling sampling() {
    return members.get(0).sampling();
  }

  /** What is forecast. */
  public ModelSpecification.Output output() {
    return members.get(0).output();
  }

  /** The same with so many epochs of every training. */
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

  /** The same with that seed of every training. */
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

  /** The same with the first members alone. */
  public AccuracyRecipe withMembers(int count) {
    return new AccuracyRecipe(
        members.subList(0, Math.min(count, members.size())),
        settings,
        validationSteps,
        learnsFromAll,
        updates);
  }

  /** The same with cells of that kind in every net. */
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

  /** What is learnt from, and by what it is stopped early. */
  TimeSplit split(Collection<SteppedSeries> past) {
    long end =
        past.stream().mapToLong(one -> one.firstStep() + one.size()).max().orElse(Long.MIN_VALUE);
    return new TimeSplit(end - validationSteps, end);
  }
}
