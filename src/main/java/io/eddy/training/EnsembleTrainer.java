package io.eddy.training;

import io.eddy.model.Member;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Provenance;
import io.eddy.model.io.ModelFile;
import io.eddy.series.SteppedSeries;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Trains the members of a model one after the other, independently and on the same data. Member i
 * uses the seed of the settings plus i. A single member gives the same result as {@link Trainer}.
 */
public final class EnsembleTrainer {
  private final List<ModelSpecification> members;
  private final TrainingSettings settings;
  private final int threads;
  private final CheckpointStore checkpoints;
  private final LinearBaselines baselines = new LinearBaselines();

  /** The result of a training. */
  public static final class Result {
    private final List<ModelSpecification> specifications;
    private final List<Trainer.Result> members;

    private Result(List<ModelSpecification> specifications, List<Trainer.Result> members) {
      this.specifications = specifications;
      this.members = List.copyOf(members);
    }

    /** Returns the specification of each member. */
    List<ModelSpecification> specifications() {
      return specifications;
    }

    /** Returns the results of the members. */
    List<Trainer.Result> members() {
      return members;
    }

    /** Returns the total number of epochs of all members. */
    public int epochs() {
      return members.stream().mapToInt(Trainer.Result::epochs).sum();
    }

    /** Returns for each member the number of epochs after which its weights were reached. */
    public List<Integer> bestEpochs() {
      return members.stream().map(Trainer.Result::bestEpoch).toList();
    }

    /**
     * Returns the mean of the members' validation losses. The loss of the mean forecast is rarely
     * above it.
     */
    public double validationLoss() {
      return members.stream().mapToDouble(Trainer.Result::validationLoss).average().orElseThrow();
    }

    /** Returns the trained members with a provenance. */
    public List<Member> members(Provenance provenance) {
      List<Member> trained = new ArrayList<>();
      for (int i = 0; i < members.size(); i++) {
        trained.add(members.get(i).toMember(specifications.get(i).withProvenance(provenance)));
      }
      return trained;
    }

    /** Returns the model file with a provenance. */
    public ModelFile toFile(Provenance provenance) {
      return ModelFile.of(members(provenance));
    }
  }

  /**
   * Creates a trainer that resumes from the last checkpoint and saves one after every epoch. A
   * resumed training gives the same bytes as one that was not interrupted.
   *
   * @param members specification of each member
   * @param settings settings of every member; the seed is that of the first member
   * @param threads number of threads per member; the result does not depend on it
   */
  public EnsembleTrainer(
      List<ModelSpecification> members,
      TrainingSettings settings,
      int threads,
      CheckpointStore checkpoints) {
    this.members = List.copyOf(members);
    this.settings = settings;
    this.threads = threads;
    this.checkpoints = checkpoints;
  }

  /** Creates a trainer for the specifications of an existing model. */
  public static EnsembleTrainer forModel(Model model, TrainingSettings settings, int threads) {
    return new EnsembleTrainer(
        model.members().stream().map(Member::specification).toList(),
        settings,
        threads,
        CheckpointStore.NONE);
  }

  /**
   * Trains from random weights.
   *
   * @throws IllegalArgumentException if the series hold too little data
   */
  public Result train(
      Collection<SteppedSeries> series, TimeSplit split, TrainingListener listener) {
    return train(series, split, listener, null);
  }

  /**
   * Trains from the weights of a model, which is not modified. A member that does not improve keeps
   * its weights.
   *
   * @param from a model with the specifications of this trainer except for the provenance; null for
   *     random weights
   * @throws IllegalArgumentException if the specifications differ or the series hold too little
   *     data
   */
  public Result train(
      Collection<SteppedSeries> series,
      TimeSplit split,
      TrainingListener listener,
      @Nullable Model from) {
    requireMembers(from);
    return run(
        checkpoints,
        new MemberProgress(listener, Collections.nCopies(members.size(), settings.epochs())),
        (trainer, i, memberListener) ->
            from == null
                ? trainer.train(series, split, memberListener)
                : trainer.train(series, split, memberListener, from.member(i)));
  }

  private void requireMembers(@Nullable Model from) {
    if (from != null && from.members().size() != members.size()) {
      throw new IllegalArgumentException(
          "version %s: expected %d members, got %d"
              .formatted(from.version().shortSha(), members.size(), from.members().size()));
    }
  }

  /**
   * Trains every member again on all data, for as many updates as led to the weights that its
   * training kept.
   *
   * @param measured result of the training on a part of the data
   * @param from the model that it started from, or null
   * @param checkpoints of this second training
   */
  Result refit(
      Collection<SteppedSeries> series,
      TrainingListener listener,
      Result measured,
      @Nullable Model from,
      CheckpointStore checkpoints) {
    return run(
        checkpoints,
        new MemberProgress(listener, measured.bestEpochs()),
        (trainer, i, memberListener) ->
            trainer.refit(
                series,
                memberListener,
                measured.members().get(i),
                from == null ? null : from.member(i)));
  }

  /**
   * Returns the mean over the members of a result's loss on the steps between the training part and
   * the end of the validation part of a split.
   */
  double loss(Collection<SteppedSeries> series, TimeSplit split, Result result) {
    double sum = 0;
    for (int i = 0; i < members.size(); i++) {
      try (Trainer trainer = trainer(i, CheckpointStore.NONE)) {
        sum += trainer.loss(series, split, result.members().get(i));
      }
    }
    return sum / members.size();
  }

  /** The training of one member. */
  private interface MemberTraining {
    Trainer.Result run(Trainer trainer, int index, TrainingListener listener);
  }

  private Result run(
      CheckpointStore checkpoints, MemberProgress progress, MemberTraining training) {
    IntFunction<CheckpointStore> stores = memberCheckpoints(checkpoints);
    List<Trainer.Result> results = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      try (Trainer trainer = trainer(i, stores.apply(i))) {
        results.add(training.run(trainer, i, progress.begin(i)));
      }
    }
    return new Result(members, results);
  }

  private Trainer trainer(int index, CheckpointStore store) {
    return new Trainer(
        members.get(index), settings.withSeed(settings.seed() + index), threads, store, baselines);
  }

  /** Returns the checkpoint store of each member. A single member uses the store directly. */
  private IntFunction<CheckpointStore> memberCheckpoints(CheckpointStore checkpoints) {
    return members.size() == 1
        ? member -> checkpoints
        : CheckpointParts.of(checkpoints, members.size())::part;
  }

  /** Reports the progress of each member as part of the whole. */
  private record MemberProgress(TrainingListener listener, List<Integer> epochs) {
    /** Starts a member and returns its listener. */
    TrainingListener begin(int index) {
      listener.memberStarted(index, epochs.size());
      long before = epochs.subList(0, index).stream().mapToLong(Integer::longValue).sum();
      long all = epochs.stream().mapToLong(Integer::longValue).sum();
      return new TrainingListener() {
        @Override
        public void updated(long done, long total, double loss) {
          long perEpoch = total / epochs.get(index);
          listener.updated(perEpoch * before + done, perEpoch * all, loss);
        }

        @Override
        public void epochEnded(int epoch, double trainingLoss, double validationLoss) {
          listener.epochEnded(epoch, trainingLoss, validationLoss);
        }
      };
    }
  }
}
