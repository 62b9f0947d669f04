package io.eddy.training;

import io.eddy.model.Baseline;
import io.eddy.model.ModelSpecification;
import io.eddy.series.SteppedSeries;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** One update of a {@link Trainer} over and over on the same data, for whoever times it. */
public final class RepeatedUpdate implements AutoCloseable {
  private final TrainingSettings settings;
  private final WorkerPool workers;
  private final Batch batch;
  private final List<TrainingWindow> excerpts = new ArrayList<>();

  /**
   * An update from the first chunk of every series.
   *
   * @param series one for each lane, each without a gap and longer than a chunk
   */
  public RepeatedUpdate(
      ModelSpecification specification,
      List<SteppedSeries> series,
      TrainingSettings settings,
      int threads) {
    this.settings = settings;
    workers = new WorkerPool(threads);
    TrainableNet net =
        TrainableNet.random(
            specification,
            new Baseline(specification, null),
            new SplittableRandom(settings.seed()));
    batch =
        new Batch(new TrainerState(net, settings.optimiser()), specification, settings, workers);
    int steps = settings.batches().truncationLength();
    for (SteppedSeries one : series) {
      TrainingSequence sequence = TrainingSequence.of(one, specification, net.base()).get(0);
      excerpts.add(new TrainingWindow(sequence, 0, 0, steps));
    }
  }

  /** Forward, backward and Adam; returns the mean loss before. */
  public double run() {
    batch.begin(excerpts);
    batch.run(0, Long.MAX_VALUE, true);
    batch.update(settings.optimiser().learningRate());
    return batch.lossSum() / batch.count();
  }

  @Override
  public void close() {
    workers.close();
  }
}
