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
 * Learns the members of a model, one after the other and each by itself on the same data: member i
 * by the seed of the settings plus i. One member comes out as {@link Trainer} alone has it.
 */
public final class EnsembleTrainer {
  private final List<ModelSpecification> members;
  private final TrainingSettings settings;
  private final int threads;
  private final CheckpointStore checkpoints;

  /** What came of a training. */
  public static final class Result {
    private final List<ModelSpecification> specifications;
    private final List<Trainer.Result> members;

    private Result(List<ModelSpecification> specifications, List<Trainer.Result> members) {
      this.specifications = specifications;
      this.members = List.copyOf(members);
    }

    /** What came of each member. */
    public List<Trainer.Result> members() {
      return members;
    }

    /** Epochs gone through, of all members. */
    public int epochs() {
      return members.stream().mapToInt(Trainer.Result::epochs).sum();
    }

    /** Mean of the members' validation losses; that of their mean forecast is seldom above it. */
    public double validationLoss() {
      return members.stream().mapToDouble(Trainer.Result::validationLoss).average().orElseThrow();
    }

    /** The model file with that provenance. */
    public byte[] toFile(Provenance provenance) {
      List<byte[]> files = new ArrayList<>();
      for (int i = 0; i < members.size(); i++) {
        files.add(members.get(i).toFile(specifications.get(i)));
      }
      return ModelFile.combine(files, provenance);
    }
  }

  /** A trainer that keeps no checkpoints. */
  public EnsembleTrainer(List<ModelSpecification> members, TrainingSettings settings, int threads) {
    this(members, settings, threads, CheckpointStore.NONE);
  }

  /**
   * A trainer that goes on from the last checkpoint there is, to the same bytes as one that was
   * never interrupted, and saves one after every epoch.
   *
   * @param members what each is to be like
   * @param settings of every member, but for the seed, which is the first member's
   * @param threads that work on one member; the result does not depend on it
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

  /** A trainer of members like those of a model. */
  public static EnsembleTrainer forModel(Model model, TrainingSettings settings, int threads) {
    return new EnsembleTrainer(
        model.members().stream().map(Member::specification).toList(), settings, threads);
  }

  /**
   * Trains from random weights.
   *
   * @throws IllegalArgumentException where the series hold too little to learn from
   */
  public Result train(
      Collection<SteppedSeries> series, TimeSplit split, TrainingListener progress) {
    return train(series, split, progress, null);
  }

  /**
   * Trains on from the weights of a model, which itself stays as it is; those of a member by which
   * nothing gets better are what comes out of it.
   *
   * @param from a model of this trainer's specifications but for the provenance; null for random
   *     weights
   * @throws IllegalArgumentException where it is of others, or the series hold too little to learn
   *     from
   */
  public Result train(
      Collection<SteppedSeries> series,
      TimeSplit split,
      TrainingListener progress,
      @Nullable Model from) {
    if (from != null && from.members().size() != members.size()) {
      throw new IllegalArgumentException(
          "version %s: expected %d members, got %d"
              .formatted(from.version().shortSha(), members.size(), from.members().size()));
    }
    IntFunction<CheckpointStore> ofMember = checkpointsOfMembers();
    List<Trainer.Result> results = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      TrainingSettings own = settings.withSeed(settings.seed() + i);
      try (Trainer trainer = new Trainer(members.get(i), own, threads, ofMember.apply(i))) {
        results.add(
            from == null
                ? trainer.train(series, split, ofMember(i, progress))
                : trainer.train(series, split, ofMember(i, progress), from.member(i)));
      }
    }
    return new Result(members, results);
  }

  /** Those of one net alone stay as they are. */
  private IntFunction<CheckpointStore> checkpointsOfMembers() {
    return members.size() == 1
        ? member -> checkpoints
        : MemberCheckpoints.of(checkpoints, members.size())::member;
  }

  /** One member's progress as that of all: each makes as many updates. */
  private TrainingListener ofMember(int index, TrainingListener progress) {
    progress.memberStarted(index, members.size());
    return new TrainingListener() {
      @Override
      public void updated(long done, long total, double loss) {
        progress.updated(index * total + done, members.size() * total, loss);
      }

      @Override
      public void epochEnded(int epoch, double trainingLoss, double validationLoss) {
        progress.epochEnded(epoch, trainingLoss, validationLoss);
      }
    };
  }
}
