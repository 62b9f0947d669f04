package io.eddy.training;

import io.eddy.model.Baseline;
import io.eddy.model.ModelSpecification;
import io.eddy.series.SteppedSeries;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Repeats one update of a {@link Trainer} on the same data, for benchmarks. */
public final class RepeatedUpdate implements AutoCloseable {
  private final TrainingSettings settings;
  private final WorkerPool workers;
  private final Batch batch;
  private final List<TrainingWindow> windows = new ArrayList<>();

  /**
   * Prepares an update on the first chunk of every series.
   *
   * @param series one per lane, without gaps and longer than a chunk
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
    for (SteppedSeries s : series) {
      TrainingSequence sequence = TrainingSequence.of(s, specification, net.base()).get(0);
      windows.add(new TrainingWindow(sequence, 0, 0, steps));
    }
  }

  /** Runs the forward pass, the backward pass and Adam. Returns the mean loss before the update. */
  public double run() {
    batch.begin(windows);
    batch.run(0, Long.MAX_VALUE, true);
    batch.update(settings.optimiser().learningRate());
    return batch.lossSum() / batch.count();
  }

  @Override
  public void close() {
    workers.close();
  }
}
