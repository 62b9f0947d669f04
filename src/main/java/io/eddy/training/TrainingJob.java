package io.eddy.training;

import io.eddy.model.CombinationSpec;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Provenance;
import io.eddy.model.WarmUpIntervals;
import io.eddy.model.io.ModelFile;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.training.TrainingListener.Stage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Trains the members of a model, after a search for the best specification if requested. */
public final class TrainingJob {
  private final TrainingRequest request;
  private final CheckpointStore trainingCheckpoints;
  private final CheckpointStore refitCheckpoints;

  /**
   * Creates a job.
   *
   * @throws IllegalArgumentException if the request has a checkpoint that is invalid
   */
  public TrainingJob(TrainingRequest request) {
    this.request = request;
    if (request.stages().isRefit()) {
      CheckpointParts parts = CheckpointParts.of(request.checkpoints(), 2);
      trainingCheckpoints = parts.part(0);
      refitCheckpoints = parts.part(1);
    } else {
      trainingCheckpoints = request.checkpoints();
      refitCheckpoints = CheckpointStore.NONE;
    }
  }

  /**
   * A trained model.
   *
   * @param specification of the first member
   * @param settings of every member's training
   * @param notes sentences about what was assumed
   * @param candidates specifications that the search tried, the best first; empty without a search
   * @param ensemble the trained members
   */
  public record Result(
      ModelSpecification specification,
      TrainingSettings settings,
      List<String> notes,
      List<ModelSearch.Candidate> candidates,
      EnsembleTrainer.Result ensemble) {
    /** Returns the model file with what was estimated after the training, and a provenance. */
    public ModelFile toFile(
        WarmUpIntervals warmUp, CombinationSpec combination, Provenance provenance) {
      return ModelFile.of(
          ensemble.members(provenance).stream()
              .map(member -> member.withWarmUpIntervals(warmUp).withCombination(combination))
              .toList());
    }
  }

  /**
   * A model that was trained again on all data.
   *
   * @param result the trained model
   * @param loss its loss on the steps that the first training did not see
   * @param measuredLoss loss of the first training's model on the same steps
   */
  public record Refit(Result result, double loss, double measuredLoss) {
    /** Maximum loss of the second training's model, relative to that of the first one's. */
    private static final double MAX_LOSS_RATIO = 1.02;

    /**
     * Returns whether the loss on the new steps grew by at most 2 %. A larger growth, on steps that
     * the second training has seen, means that it failed.
     */
    public boolean isSound() {
      return loss <= MAX_LOSS_RATIO * measuredLoss;
    }
  }

  /**
   * Trains on the training part of the split and stops early by its validation part.
   *
   * @param sampling of the series
   * @throws InvalidPlanException if the requested model does not suit the data
   * @throws IllegalArgumentException if the series hold too little to train on
   */
  public Result train(
      Sampling sampling,
      Collection<SteppedSeries> series,
      TimeSplit split,
      TrainingListener listener) {
    List<ModelSpecification> members = request.definition().members(sampling, series, split);
    List<String> notes = new ArrayList<>();
    TransformCheck.of(members, series).ifPresent(notes::add);
    if (request.definition().isContextGiven()) {
      describeContext(members.get(0), series, split).ifPresent(notes::add);
    }
    TrainingSettings settings =
        request.schedule().settings(members, TrainingSchedule.DataSize.of(series, split));
    List<ModelSearch.Candidate> candidates = List.of();
    if (request.stages().candidates() > 1) {
      listener.stageStarted(Stage.SEARCH);
      candidates = search(members, settings, new Data(series, split), listener);
      members = Collections.nCopies(members.size(), candidates.get(0).specification());
    }
    listener.stageStarted(Stage.TRAINING);
    EnsembleTrainer trainer =
        new EnsembleTrainer(members, settings, request.threads(), trainingCheckpoints);
    EnsembleTrainer.Result ensemble = trainer.train(series, split, listener, initialModel());
    return new Result(members.get(0), settings, notes, candidates, ensemble);
  }

  /**
   * Trains the members of a result again on all data, for as many updates as led to the weights
   * that their training kept.
   *
   * @param split of the first training
   * @throws IllegalArgumentException if no loss is finite
   */
  public Refit refit(
      Result measured,
      Collection<SteppedSeries> series,
      TimeSplit split,
      TrainingListener listener) {
    listener.stageStarted(Stage.REFIT);
    EnsembleTrainer trainer =
        new EnsembleTrainer(
            measured.ensemble().specifications(),
            measured.settings(),
            request.threads(),
            CheckpointStore.NONE);
    EnsembleTrainer.Result refitted =
        trainer.refit(series, listener, measured.ensemble(), initialModel(), refitCheckpoints);
    TimeSplit unseen = new TimeSplit(split.trainEnd(), TimeSplit.span(series).end());
    return new Refit(
        new Result(
            measured.specification(),
            measured.settings(),
            measured.notes(),
            measured.candidates(),
            refitted),
        trainer.loss(series, unseen, refitted),
        trainer.loss(series, unseen, measured.ensemble()));
  }

  /** Describes a context that no series of the training part fills. */
  private static Optional<String> describeContext(
      ModelSpecification specification, Collection<SteppedSeries> series, TimeSplit split) {
    int longest = series.stream().mapToInt(s -> s.before(split.trainEnd()).size()).max().orElse(0);
    int context = specification.contextLength();
    int horizon = specification.output().horizon();
    return longest >= context + horizon
        ? Optional.empty()
        : Optional.of(
            "the longest series of the training part has %,d steps, fewer than context (%,d) and"
                    .formatted(longest, context)
                + " horizon (%,d) together: no forecast from a full context was trained"
                    .formatted(horizon));
  }

  private @Nullable Model initialModel() {
    return request.definition().initialModel().orElse(null);
  }

  /** The series and their split. */
  private record Data(Collection<SteppedSeries> series, TimeSplit split) {}

  private List<ModelSearch.Candidate> search(
      List<ModelSpecification> members,
      TrainingSettings settings,
      Data data,
      TrainingListener listener) {
    int distinct = new HashSet<>(members).size();
    if (distinct > 1) {
      throw new InvalidPlanException(
          "search: expected one cell and one patch size, got %d combinations".formatted(distinct));
    }
    return new ModelSearch(members.get(0), settings, request.threads())
        .run(data.series(), data.split(), request.stages().candidates(), listener);
  }
}
