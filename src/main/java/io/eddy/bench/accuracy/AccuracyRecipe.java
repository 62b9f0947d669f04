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
 * Training of the model of a protocol.
 *
 * @param members specification of each member, at least one, all with the same sampling and output
 * @param settings of every member's training; the seed is that of the first member
 * @param combined simple forecasts that the network's forecast is combined with; null for none
 * @param learnsFromAll whether series that are not forecast are trained on too
 * @param updates periodic retraining; null for none
 */
public record AccuracyRecipe(
    List<ModelSpecification> members,
    TrainingSettings settings,
    @Nullable Combined combined,
    boolean learnsFromAll,
    @Nullable Updates updates) {

  public AccuracyRecipe {
    if (members.isEmpty()) {
      throw new IllegalArgumentException("recipe: expected at least 1 member");
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

  /**
   * The combination with simple forecasts. It is estimated as {@code eddy train} does, on the last
   * {@value #ESTIMATION_PERCENT} % of the time before the first origin, with networks that were
   * trained on the time before.
   *
   * @param seasons of the simple forecasts, in steps
   * @param members number of members, from the first one, that are trained for the estimation
   */
  record Combined(List<Integer> seasons, int members) {
    private static final int ESTIMATION_PERCENT = 15;

    Combined {
      seasons = List.copyOf(seasons);
    }

    /** Returns the split of the past into training and estimation part. */
    static TimeSplit split(Collection<SteppedSeries> past) {
      TimeSplit.Span span = TimeSplit.span(past);
      long steps = span.end() - span.first();
      return new TimeSplit(span.end() - steps * ESTIMATION_PERCENT / 100, span.end());
    }
  }

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
        combined,
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
        combined,
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
        combined,
        learnsFromAll,
        updates);
  }

  /** Returns this recipe without the combination with simple forecasts. */
  public AccuracyRecipe withoutCombination() {
    return new AccuracyRecipe(members, settings, null, learnsFromAll, updates);
  }

  /** Returns this recipe with another kind of cell in every member. */
  public AccuracyRecipe withCell(CellKind cell) {
    return new AccuracyRecipe(
        members.stream().map(member -> withCell(member, cell)).toList(),
        settings,
        combined,
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

  /** Returns the split of the past by which all of it is for training, without early stopping. */
  static TimeSplit allForTraining(Collection<SteppedSeries> past) {
    long end = TimeSplit.span(past).end();
    return new TimeSplit(end, end);
  }
}
