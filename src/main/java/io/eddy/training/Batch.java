package io.eddy.training;

import io.eddy.model.ModelSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The lanes that go through the chunks of their excerpts side by side, and what a net learns from
 * them. The groups of lanes are shared by the workers; their gradients are summed from the first
 * group to the last, so that the result does not depend on the number of threads.
 */
final class Batch {
  private static final double CLIP_NORM = 1;

  private final WorkerPool workers;
  private final TrainerState learning;
  private final List<BatchWorker> groups = new ArrayList<>();

  /** Lanes that teach the net of {@code learning}. */
  Batch(
      TrainerState learning,
      ModelSpecification specification,
      TrainingSettings settings,
      WorkerPool workers) {
    this.workers = workers;
    this.learning = learning;
    int steps = settings.batches().truncationLength();
    for (int lane = 0; lane < settings.batches().lanes(); lane += BatchWorker.LANES) {
      groups.add(new BatchWorker(learning.net(), specification, steps));
    }
    dropOutBy(new SplittableRandom(~settings.seed()));
  }

  /** Lets {@code random} draw what dropout leaves out, and what is hidden, from now on. */
  void dropOutBy(SplittableRandom random) {
    groups.forEach(group -> group.dropOutBy(random.split()));
  }

  /** Takes an excerpt for each lane, or fewer, from zero states. */
  void begin(List<TrainingWindow> excerpts) {
    for (int g = 0; g < groups.size(); g++) {
      int from = Math.min(excerpts.size(), g * BatchWorker.LANES);
      int to = Math.min(excerpts.size(), from + BatchWorker.LANES);
      groups.get(g).begin(excerpts.subList(from, to));
    }
  }

  /**
   * Goes through chunk {@code index} of the excerpts.
   *
   * @param end grid index before which targets must lie
   * @param learns whether gradients are wanted
   */
  void run(int index, long end, boolean learns) {
    List<Runnable> tasks = new ArrayList<>();
    groups.forEach(group -> tasks.add(() -> group.run(index, end, learns)));
    workers.run(tasks);
  }

  /** Sum of the loss over the targets of the last chunk. */
  double lossSum() {
    return groups.stream().mapToDouble(BatchWorker::lossSum).sum();
  }

  /** Number of targets in the last chunk. */
  long count() {
    return groups.stream().mapToLong(BatchWorker::count).sum();
  }

  /**
   * Changes the net by the gradients of the last chunk, which must have had targets; not at all
   * where they are not finite, as where a rectifier's state grew beyond all numbers.
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
      learning.update(sum, learningRate);
    }
  }

  private static void add(float[] x, float[] y) {
    for (int i = 0; i < y.length; i++) {
      y[i] += x[i];
    }
  }
}
