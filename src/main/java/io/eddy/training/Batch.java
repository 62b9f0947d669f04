package io.eddy.training;

import io.eddy.model.ModelSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The lanes of a batch, which process the chunks of their training windows side by side.
 *
 * <p>The lanes are divided into groups that run in parallel. The groups' gradients are summed from
 * the first group to the last, so the result does not depend on the number of threads.
 */
final class Batch {
  private static final double CLIP_NORM = 1;

  private final WorkerPool workers;
  private final TrainerState state;
  private final List<BatchWorker> groups = new ArrayList<>();

  /** Creates the lanes that train the network of {@code state}. */
  Batch(
      TrainerState state,
      ModelSpecification specification,
      TrainingSettings settings,
      WorkerPool workers) {
    this.workers = workers;
    this.state = state;
    int steps = settings.batches().truncationLength();
    for (int lane = 0; lane < settings.batches().lanes(); lane += BatchWorker.LANES) {
      groups.add(new BatchWorker(state.net(), specification, steps));
    }
    setRandom(new SplittableRandom(~settings.seed()));
  }

  /** Sets the generator of dropout masks and hidden future covariates. */
  void setRandom(SplittableRandom random) {
    groups.forEach(group -> group.setRandom(random.split()));
  }

  /** Assigns one training window to each lane, or to fewer, and resets the lanes to zero states. */
  void begin(List<TrainingWindow> windows) {
    for (int g = 0; g < groups.size(); g++) {
      int from = Math.min(windows.size(), g * BatchWorker.LANES);
      int to = Math.min(windows.size(), from + BatchWorker.LANES);
      groups.get(g).begin(windows.subList(from, to));
    }
  }

  /**
   * Processes chunk {@code index} of the windows.
   *
   * @param end grid index before which targets must lie
   * @param training whether to compute gradients
   */
  void run(int index, long end, boolean training) {
    List<Runnable> tasks = new ArrayList<>();
    groups.forEach(group -> tasks.add(() -> group.run(index, end, training)));
    workers.run(tasks);
  }

  /** Returns the sum of the loss over the targets of the last chunk. */
  double lossSum() {
    return groups.stream().mapToDouble(BatchWorker::lossSum).sum();
  }

  /** Returns the number of targets in the last chunk. */
  long count() {
    return groups.stream().mapToLong(BatchWorker::count).sum();
  }

  /**
   * Updates the network by the gradients of the last chunk, which must have had targets. Skips the
   * update if the gradients are not finite, for example because the state of a rectifier
   * overflowed.
   */
  void update(double learningRate) {
    List<float[]> sum = groups.get(0).gradients();
    for (int g = 1; g < groups.size(); g++) {
      List<float[]> others = groups.get(g).gradients();
      for (int p = 0; p < sum.size(); p++) {
        add(others.get(p), sum.get(p));
      }
    }
    float share = 1f / count();
    for (float[] array : sum) {
      for (int i = 0; i < array.length; i++) {
        array[i] *= share;
      }
    }
    if (Double.isFinite(Adam.clip(sum, CLIP_NORM))) {
      state.update(sum, learningRate);
    }
  }

  private static void add(float[] x, float[] y) {
    for (int i = 0; i < y.length; i++) {
      y[i] += x[i];
    }
  }
}
