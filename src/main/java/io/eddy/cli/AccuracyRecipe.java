package io.eddy.cli;

import io.eddy.model.ModelSpecification;
import io.eddy.series.SteppedSeries;
import io.eddy.training.Split;
import io.eddy.training.TrainingSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How the model of a protocol is made.
 *
 * @param members what is trained, at least one, all of one sampling and output
 * @param validationSteps the last steps of what is learnt from, by which a training stops early
 * @param learnsFromAll whether series that are not forecast are learnt from too
 * @param updates how weights are trained on as time goes on; null where they stay
 */
record AccuracyRecipe(
    List<Member> members, int validationSteps, boolean learnsFromAll, @Nullable Updates updates) {

  AccuracyRecipe {
    if (members.isEmpty() || validationSteps < 1) {
      throw new IllegalArgumentException(
          "recipe: expected at least 1 member and 1 step of validation, got %d and %d"
              .formatted(members.size(), validationSteps));
    }
    members = List.copyOf(members);
  }

  /**
   * One net.
   *
   * @param specification what it is like
   * @param settings how it is trained
   */
  record Member(ModelSpecification specification, TrainingSettings settings) {
    private Member with(int epochs) {
      return new Member(
          specification,
          new TrainingSettings(
              epochs,
              settings.patience(),
              settings.learningRate(),
              settings.batches(),
              settings.seed()));
    }

    private Member with(long seed) {
      return new Member(
          specification,
          new TrainingSettings(
              settings.epochs(),
              settings.patience(),
              settings.learningRate(),
              settings.batches(),
              seed));
    }
  }

  /**
   * Weights that are trained on.
   *
   * @param every event time between two versions
   * @param epochs of each training at most
   * @param learningRate of each training
   */
  record Updates(Duration every, int epochs, double learningRate) {
    TrainingSettings settings(TrainingSettings first) {
      return new TrainingSettings(
          epochs, first.patience(), learningRate, first.batches(), first.seed());
    }
  }

  /** The same with so many epochs of every training. */
  AccuracyRecipe withEpochs(int epochs) {
    return new AccuracyRecipe(
        members.stream().map(member -> member.with(epochs)).toList(),
        validationSteps,
        learnsFromAll,
        updates == null ? null : new Updates(updates.every(), epochs, updates.learningRate()));
  }

  /** The same with the first members alone. */
  AccuracyRecipe withMembers(int count) {
    return new AccuracyRecipe(
        members.subList(0, Math.min(count, members.size())),
        validationSteps,
        learnsFromAll,
        updates);
  }

  /** The same with seeds from {@code seed} on, one for each member. */
  AccuracyRecipe withSeeds(long seed) {
    return new AccuracyRecipe(
        IntStream.range(0, members.size()).mapToObj(i -> members.get(i).with(seed + i)).toList(),
        validationSteps,
        learnsFromAll,
        updates);
  }

  /** What is learnt from, and by what it is stopped early. */
  Split split(Collection<SteppedSeries> past) {
    long end =
        past.stream().mapToLong(one -> one.firstStep() + one.size()).max().orElse(Long.MIN_VALUE);
    return new Split(end - validationSteps, end);
  }
}
