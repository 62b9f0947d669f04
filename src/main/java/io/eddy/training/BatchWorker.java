package io.eddy.training;

import io.eddy.model.Decoder;
import io.eddy.model.Minibatch;
import io.eddy.model.ModelSpecification;
import io.eddy.nn.Backpropagation;
import io.eddy.nn.LayerParameters;
import io.eddy.nn.StackState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A group of lanes of a batch with all buffers that one thread needs to train on them.
 *
 * <p>Gradients are those of the summed loss; the batch divides them by the number of targets.
 * During training, some future covariates are hidden at a tenth of the steps: all of them half of
 * the time, otherwise those beyond a random step. The network thus learns to forecast without them.
 */
final class BatchWorker {
  /** Number of lanes of a group. */
  static final int LANES = 8;

  private static final double HIDDEN_SHARE = 0.1;

  private final TrainableNet net;
  private final int steps;
  private final int horizon;
  private final int rawPerStep;
  private final Backpropagation chunk;
  private final Loss loss;
  private final float dropout;
  private final List<StackState> states = new ArrayList<>();
  private final Minibatch lanes;
  private final int columns;
  private final int[] lengths = new int[LANES];
  private final float[] raw;
  private final List<LayerParameters> layerGradients;
  private final Decoder headGradients;
  private SplittableRandom random = new SplittableRandom(0);
  private List<TrainingWindow> windows = List.of();
  private double lossSum;
  private long count;

  /** Allocates lanes for chunks of {@code steps} steps. */
  BatchWorker(TrainableNet net, ModelSpecification specification, int steps) {
    this.net = net;
    dropout = (float) specification.network().dropout();
    this.steps = steps;
    horizon = specification.output().horizon();
    rawPerStep = specification.output().rawPerStep();
    columns = net.head().sizes().futureInputs().columns();
    lanes =
        new Minibatch(new long[LANES], new float[steps * LANES * net.head().sizes().futureSize()]);
    chunk = new Backpropagation(net.stack(), LANES, steps);
    loss = Loss.of(specification.output());
    raw = new float[steps * LANES * net.head().sizes().rawSize()];
    layerGradients = net.layerZeros();
    headGradients = net.head().zeros();
    for (int lane = 0; lane < LANES; lane++) {
      states.add(net.stack().newState());
    }
  }

  /** Sets the generator of dropout masks and hidden future covariates. */
  void setRandom(SplittableRandom random) {
    this.random = random;
  }

  /** Assigns up to {@link #LANES} training windows and resets the lanes to zero states. */
  void begin(List<TrainingWindow> windows) {
    this.windows = windows;
    states.forEach(StackState::clear);
  }

  /** Returns the sum of the loss over the targets of the last chunk. */
  double lossSum() {
    return lossSum;
  }

  /** Returns the number of targets in the last chunk. */
  long count() {
    return count;
  }

  /** Returns the gradients of the last chunk, in the order of {@link TrainableNet#arrays}. */
  List<float[]> gradients() {
    return TrainableNet.arrays(layerGradients, headGradients);
  }

  /**
   * Processes chunk {@code index} of the windows.
   *
   * @param end grid index before which targets must lie
   * @param training whether to compute gradients
   */
  void run(int index, long end, boolean training) {
    fillInputs(index);
    if (training && columns > 0) {
      hideFutureCovariates();
    }
    if (training && dropout > 0) {
      chunk.enableDropout(dropout, random);
    } else {
      chunk.disableDropout();
    }
    chunk.forward(states, lengths);
    net.head().apply(chunk.outputs(), lanes, raw);
    lossSum = 0;
    count = 0;
    for (int t = 0; t < steps; t++) {
      for (int lane = 0; lane < LANES; lane++) {
        forecastLoss(index, t, lane, end);
      }
    }
    if (training) {
      backward();
    }
  }

  private void fillInputs(int index) {
    int size = net.stack().inputSize();
    for (int lane = 0; lane < LANES; lane++) {
      lengths[lane] = lane < windows.size() ? fillLane(windows.get(lane), index, lane, size) : 0;
    }
  }

  /** Fills the inputs of one lane up to the end of its window and returns their number of steps. */
  private int fillLane(TrainingWindow window, int index, int lane, int size) {
    int begin = window.from() + index * steps;
    int length = Math.max(0, Math.min(steps, window.to() - begin));
    lanes.origins()[lane] = window.sequence().firstStep() + begin;
    int aheadSize = net.head().sizes().futureSize();
    for (int t = 0; t < length; t++) {
      window.sequence().input(begin + t, chunk.inputs(), (t * LANES + lane) * size);
      window.sequence().ahead(begin + t, lanes.futureCovariates(), (t * LANES + lane) * aheadSize);
    }
    return length;
  }

  /** Hides future covariates at random steps. Those of the last known step stay visible. */
  private void hideFutureCovariates() {
    int aheadSize = net.head().sizes().futureSize();
    for (int row = 0; row < steps * LANES; row++) {
      if (random.nextDouble() < HIDDEN_SHARE) {
        int known = Math.max(0, random.nextInt(-horizon, horizon));
        Arrays.fill(
            lanes.futureCovariates(),
            row * aheadSize + (known + 1) * columns,
            (row + 1) * aheadSize,
            Float.NaN);
      }
    }
  }

  /** Adds the loss of one forecast and replaces its raw outputs by their gradients. */
  private void forecastLoss(int index, int t, int lane, long end) {
    int at = (t * LANES + lane) * horizon * rawPerStep;
    if (t >= lengths[lane]) {
      Arrays.fill(raw, at, at + horizon * rawPerStep, 0);
      return;
    }
    TrainingWindow window = windows.get(lane);
    TrainingSequence sequence = window.sequence();
    int step = window.from() + index * steps + t;
    loss.setRate(sequence.rate(step));
    for (int j = 1; j <= horizon; j++) {
      int from = at + (j - 1) * rawPerStep;
      boolean counts = step >= window.lossFrom() && sequence.firstStep() + step + j < end;
      float target = counts ? sequence.target(step, j) : Float.NaN;
      if (Float.isNaN(target)) {
        Arrays.fill(raw, from, from + rawPerStep, 0);
      } else {
        lossSum += loss.apply(raw, from, target);
        count++;
      }
    }
  }

  private void backward() {
    gradients().forEach(array -> Arrays.fill(array, 0));
    net.head().backward(chunk.outputs(), lanes, raw, chunk.outputGradients(), headGradients);
    chunk.backward(layerGradients);
  }
}
