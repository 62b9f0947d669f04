package io.eddy.evaluation;

import io.eddy.dataset.Dataset;
import io.eddy.dataset.FutureCovariateCount;
import io.eddy.dataset.SeriesData;
import io.eddy.evaluation.combination.CombinationEstimator;
import io.eddy.model.BuildVersion;
import io.eddy.model.CombinationSpec;
import io.eddy.model.Model;
import io.eddy.model.Provenance;
import io.eddy.model.TrainingRun;
import io.eddy.model.Transform;
import io.eddy.model.WarmUpIntervals;
import io.eddy.model.io.ModelFile;
import io.eddy.series.IntervalDetector;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.training.EvaluationSeason;
import io.eddy.training.ModelDefinition;
import io.eddy.training.ModelPlan;
import io.eddy.training.SplitPlan;
import io.eddy.training.TimeSplit;
import io.eddy.training.TrainingJob;
import io.eddy.training.TrainingListener;
import io.eddy.training.TrainingRequest;
import io.eddy.training.TransformCheck;
import io.eddy.training.choice.PlanChoice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Trains a model on observations and evaluates it.
 *
 * <p>The first 70 % of the data's time are for training, the next 15 % for early stopping and
 * warm-up intervals, the last 15 % for testing. If a refit is requested, the model is then trained
 * again on all data: its network has the same number of updates, and everything that was estimated
 * on the later parts, such as warm-up intervals and scores, remains that of the measured model.
 */
public final class TrainingPipeline {
  private final TrainingRequest request;

  public TrainingPipeline(TrainingRequest request) {
    this.request = request;
  }

  /**
   * Trains and evaluates a model.
   *
   * @throws io.eddy.training.InvalidPlanException if the requested model does not suit the data
   * @throws IllegalArgumentException if the data hold too little to train on, or not what the model
   *     forecasts
   */
  public TrainedModel run(Dataset data, TrainingListener listener) {
    ModelDefinition definition = request.definition();
    definition.classLimit().ifPresent(limit -> requireClasses(data.series(), limit));
    requireCovariates(data, definition.covariateNames());
    Sampling sampling =
        definition.sampling(
            IntervalDetector.of(data.series().stream().map(SeriesData::timestampsMs)));
    List<SteppedSeries> series = sample(data.series(), sampling);
    SplitPlan plan = SplitPlan.of(series, definition.horizon());
    TimeSplit split = plan.split();
    if (definition instanceof ModelPlan requested
        && requested.inputs().transform() == Transform.LOG) {
      TransformCheck.requireLogarithms(series, sampling);
    }
    listener.stageStarted(TrainingListener.Stage.CHOICE);
    PlanChoice choice = PlanChoice.of(request, sampling, series, split);
    TrainingJob job = new TrainingJob(request.with(choice.definition()));
    TrainingJob.Result result = job.train(sampling, series, split, listener);
    List<Integer> seasons = choice.seasonsWith(result.specification());
    listener.stageStarted(TrainingListener.Stage.MEASUREMENT);
    Provenance untested = result.specification().provenance();
    WarmUpIntervals warmUp =
        WarmUpIntervalEstimator.measure(
            result.toFile(WarmUpIntervals.NONE, CombinationSpec.NONE, untested).model(),
            series,
            split.trainEnd(),
            split.validationEnd());
    Model network = result.toFile(warmUp, CombinationSpec.NONE, untested).model();
    CombinationSpec combination = combination(network, seasons, series, split);
    TestSplit test =
        new TestSplit(
            data.series(),
            series,
            split.validationEnd(),
            EvaluationSeason.of(result.specification()),
            request.threads());
    TestScores scores =
        TestScores.of(
            result.toFile(warmUp, combination, untested).model(),
            combination.isNone() ? null : network,
            test);
    Measured measured =
        new Measured(data.source(), scores, TrainingRanges.of(sampling, series, split));
    ModelFile file = result.toFile(warmUp, combination, provenance(measured, result, false));
    List<String> notes = new ArrayList<>(plan.notes());
    notes.addAll(result.notes());
    notes.addAll(missingFutureCovariates(series));
    TrainedModel.Measurement measurement =
        new TrainedModel.Measurement(
            file.model(),
            result,
            new TrainedModel.Remarks(seasons, choice.decisions(), notes),
            test,
            scores.comparison());
    if (!request.stages().isRefit()) {
      return new TrainedModel(file, measurement, null);
    }
    TrainingJob.Refit refit = job.refit(result, series, split, listener);
    return new TrainedModel(
        refit.isSound()
            ? refit.result().toFile(warmUp, combination, provenance(measured, refit.result(), true))
            : file,
        measurement,
        refit);
  }

  /** Counts the steps ahead of which the data have the value but no known-future covariate. */
  private List<String> missingFutureCovariates(List<SteppedSeries> series) {
    FutureCovariateCount count =
        new FutureCovariateCount(
            request.definition().futureCovariateNames(), request.definition().horizon());
    for (SteppedSeries s : series) {
      for (int t = 0; t < s.size(); t++) {
        count.add(s.futureCovariates(t), s.size() - 1 - t);
      }
    }
    return count.describe();
  }

  private CombinationSpec combination(
      Model model, List<Integer> seasons, List<SteppedSeries> series, TimeSplit split) {
    return request.stages().isCombined()
        ? CombinationEstimator.estimate(
            model,
            series,
            seasons,
            new CombinationEstimator.Part(split.trainEnd(), split.validationEnd()))
        : CombinationSpec.NONE;
  }

  /** Data source, scores and ranges, which the measured and the refitted model both record. */
  private record Measured(String source, TestScores scores, TrainingRun.Ranges ranges) {}

  private Provenance provenance(Measured measured, TrainingJob.Result result, boolean isRefitted) {
    return new Provenance(
        measured.source(),
        request.schedule().seed(),
        BuildVersion.number(),
        measured.scores().values(),
        new TrainingRun(measured.ranges(), result.ensemble().bestEpochs(), isRefitted));
  }

  private List<SteppedSeries> sample(List<SeriesData> data, Sampling sampling) {
    ModelDefinition definition = request.definition();
    return data.stream()
        .map(
            s ->
                s.withFutureCovariates(
                        definition.futureCovariateNames(),
                        sampling.interval(),
                        definition.horizon())
                    .stepped(sampling))
        .toList();
  }

  private static void requireClasses(List<SeriesData> data, int limit) {
    for (SeriesData series : data) {
      for (int i = 0; i < series.size(); i++) {
        double value = series.values()[i];
        if (!(value >= 0 && value < limit && value == Math.rint(value))) {
          throw new IllegalArgumentException(
              "series %s at %s: expected a class, a whole number from 0 to %d, got %s"
                  .formatted(
                      series.name(),
                      Instant.ofEpochMilli(series.timestampsMs()[i]),
                      limit - 1,
                      value));
        }
      }
    }
  }

  private static void requireCovariates(Dataset data, List<String> names) {
    for (String name : names) {
      if (data.series().stream().noneMatch(s -> s.covariates().names().contains(name))) {
        throw new IllegalArgumentException(
            "covariate %s: no observation of %s has a number of that name"
                .formatted(name, data.source()));
      }
    }
  }
}
