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
 * Some lanes of a batch with everything that one thread needs to learn from them. Gradients are
 * those of the summed loss; the batch divides by the count of targets when it has them all.
 *
 * <p>Of what is known ahead a part is hidden at a tenth of the steps while the net learns: all of
 * it half of the time, else what lies beyond a step drawn at random, so that it learns to do
 * without.
 */
final class BatchWorker {
  /** Lanes of a group. */
  static final int LANES = 8;

  private static final double HIDDEN = 0.1;

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
  private List<TrainingWindow> excerpts = List.of();
  private double lossSum;
  private long count;

  /** Lanes for chunks of that many steps. */
  BatchWorker(TrainableNet net, ModelSpecification specification, int steps) {
    this.net = net;
    dropout = (float) specification.network().dropout();
    this.steps = steps;
    horizon = specification.output().horizon();
    rawPerStep = specification.output().rawPerStep();
    columns = net.head().sizes().known().columns();
    lanes =
        new Minibatch(new long[LANES], new float[steps * LANES * net.head().sizes().aheadSize()]);
    chunk = new Backpropagation(net.stack(), LANES, steps);
    loss = Loss.of(specification.output());
    raw = new float[steps * LANES * net.head().sizes().rawSize()];
    layerGradients = net.layerZeros();
    headGradients = net.head().zeros();
    for (int lane = 0; lane < LANES; lane++) {
      states.add(net.stack().newState());
    }
  }

  /** Lets {@code random} draw what dropout leaves out, and what is hidden, from now on. */
  void dropOutBy(SplittableRandom random) {
    this.random = random;
  }

  /** Takes up to {@link #LANES} excerpts, from zero states. */
  void begin(List<TrainingWindow> excerpts) {
    this.excerpts = excerpts;
    states.forEach(StackState::clear);
  }

  /** Sum of the loss over the targets of the last chunk. */
  double lossSum() {
    return lossSum;
  }

  /** Number of targets in the last chunk. */
  long count() {
    return count;
  }

  /** The gradients of the last chunk, in the order of {@link TrainableNet#arrays}. */
  List<float[]> gradients() {
    return TrainableNet.arrays(layerGradients, headGradients);
  }

  /**
   * Goes through chunk {@code index} of the excerpts.
   *
   * @param end grid index before which targets must lie
   * @param learns whether gradients are wanted
   */
  void run(int index, long end, boolean learns) {
    fillInputs(index);
    if (learns && columns > 0) {
      hide();
    }
    if (learns && dropout > 0) {
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
    if (learns) {
      backward();
    }
  }

  private void fillInputs(int index) {
    int size = net.stack().inputSize();
    for (int lane = 0; lane < LANES; lane++) {
      lengths[lane] = lane < excerpts.size() ? fillLane(excerpts.get(lane), index, lane, size) : 0;
    }
  }

  /** Fills in one lane's inputs, as far as its excerpt goes; returns how far that is. */
  private int fillLane(TrainingWindow excerpt, int index, int lane, int size) {
    int begin = excerpt.from() + index * steps;
    int length = Math.max(0, Math.min(steps, excerpt.to() - begin));
    lanes.origins()[lane] = excerpt.sequence().firstStep() + begin;
    int aheadSize = net.head().sizes().aheadSize();
    for (int t = 0; t < length; t++) {
      excerpt.sequence().input(begin + t, chunk.inputs(), (t * LANES + lane) * size);
      excerpt.sequence().ahead(begin + t, lanes.ahead(), (t * LANES + lane) * aheadSize);
    }
    return length;
  }

  /** Hides a part of what is known ahead, but for the last step's own. */
  private void hide() {
    int aheadSize = net.head().sizes().aheadSize();
    for (int row = 0; row < steps * LANES; row++) {
      if (random.nextDouble() < HIDDEN) {
        int known = Math.max(0, random.nextInt(-horizon, horizon));
        Arrays.fill(
            lanes.ahead(),
            row * aheadSize + (known + 1) * columns,
            (row + 1) * aheadSize,
            Float.NaN);
      }
    }
  }

  /** Adds the loss of one forecast and turns its raw outputs into their gradients. */
  private void forecastLoss(int index, int t, int lane, long end) {
    int at = (t * LANES + lane) * horizon * rawPerStep;
    if (t >= lengths[lane]) {
      Arrays.fill(raw, at, at + horizon * rawPerStep, 0);
      return;
    }
    TrainingWindow excerpt = excerpts.get(lane);
    TrainingSequence sequence = excerpt.sequence();
    int step = excerpt.from() + index * steps + t;
    for (int j = 1; j <= horizon; j++) {
      int from = at + (j - 1) * rawPerStep;
      boolean counts = step >= excerpt.lossFrom() && sequence.firstStep() + step + j < end;
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
