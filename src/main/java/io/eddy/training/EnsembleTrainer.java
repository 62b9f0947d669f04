package io.eddy.training;

import io.eddy.model.Member;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Provenance;
import io.eddy.model.io.ModelFile;
import io.eddy.series.SteppedSeries;
import java.util.ArrayList;
import java.util.Collection;
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

  /** The result of a training. */
  public static final class Result {
    private final List<ModelSpecification> specifications;
    private final List<Trainer.Result> members;

    private Result(List<ModelSpecification> specifications, List<Trainer.Result> members) {
      this.specifications = specifications;
      this.members = List.copyOf(members);
    }

    /** Returns the results of the members. */
    List<Trainer.Result> members() {
      return members;
    }

    /** Returns the total number of epochs of all members. */
    public int epochs() {
      return members.stream().mapToInt(Trainer.Result::epochs).sum();
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
    if (from != null && from.members().size() != members.size()) {
      throw new IllegalArgumentException(
          "version %s: expected %d members, got %d"
              .formatted(from.version().shortSha(), members.size(), from.members().size()));
    }
    IntFunction<CheckpointStore> stores = memberCheckpoints();
    List<Trainer.Result> results = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      TrainingSettings seeded = settings.withSeed(settings.seed() + i);
      TrainingListener memberListener = memberListener(i, listener);
      listener.memberStarted(i, members.size());
      try (Trainer trainer = new Trainer(members.get(i), seeded, threads, stores.apply(i))) {
        results.add(
            from == null
                ? trainer.train(series, split, memberListener)
                : trainer.train(series, split, memberListener, from.member(i)));
      }
    }
    return new Result(members, results);
  }

  /** Returns the checkpoint store of each member. A single member uses the store directly. */
  private IntFunction<CheckpointStore> memberCheckpoints() {
    return members.size() == 1
        ? member -> checkpoints
        : MemberCheckpoints.of(checkpoints, members.size())::member;
  }

  /**
   * Returns a listener that reports the progress of one member as part of the whole. All members
   * make the same number of updates.
   */
  private TrainingListener memberListener(int index, TrainingListener listener) {
    return new TrainingListener() {
      @Override
      public void updated(long done, long total, double loss) {
        listener.updated(index * total + done, members.size() * total, loss);
      }

      @Override
      public void epochEnded(int epoch, double trainingLoss, double validationLoss) {
        listener.epochEnded(epoch, trainingLoss, validationLoss);
      }
    };
  }
}
