package io.eddy.training;

import io.eddy.model.ModelSpecification;
import io.eddy.model.Provenance;
import io.eddy.model.WarmUpIntervals;
import io.eddy.model.io.ModelFile;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;

/** Trains the members of a model, after a search for the best specification if requested. */
public final class TrainingJob {
  private final TrainingRequest request;

  public TrainingJob(TrainingRequest request) {
    this.request = request;
  }

  /**
   * A trained model.
   *
   * @param specification of the first member
   * @param candidates specifications that the search tried, the best first; empty without a search
   * @param ensemble the trained members
   */
  public record Result(
      ModelSpecification specification,
      List<ModelSearch.Candidate> candidates,
      EnsembleTrainer.Result ensemble) {
    /** Returns the model file with warm-up intervals and a provenance. */
    public ModelFile toFile(WarmUpIntervals warmUp, Provenance provenance) {
      return ModelFile.of(
          ensemble.members(provenance).stream()
              .map(member -> member.withWarmUpIntervals(warmUp))
              .toList());
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
    List<ModelSearch.Candidate> candidates = List.of();
    if (request.candidates() > 1) {
      candidates = search(members, series, split, listener);
      members = Collections.nCopies(members.size(), candidates.get(0).specification());
    }
    EnsembleTrainer trainer =
        new EnsembleTrainer(members, request.settings(), request.threads(), request.checkpoints());
    EnsembleTrainer.Result ensemble =
        trainer.train(series, split, listener, request.definition().initialModel().orElse(null));
    return new Result(members.get(0), candidates, ensemble);
  }

  private List<ModelSearch.Candidate> search(
      List<ModelSpecification> members,
      Collection<SteppedSeries> series,
      TimeSplit split,
      TrainingListener listener) {
    int distinct = new HashSet<>(members).size();
    if (distinct > 1) {
      throw new InvalidPlanException(
          "search: expected one cell and one patch size, got %d combinations".formatted(distinct));
    }
    return new ModelSearch(members.get(0), request.settings(), request.threads())
        .run(series, split, request.candidates(), listener);
  }
}
