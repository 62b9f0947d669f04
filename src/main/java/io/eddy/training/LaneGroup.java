package io.eddy.training;

import io.eddy.cell.Backpropagation;
import io.eddy.cell.LayerParameters;
import io.eddy.cell.StackState;
import io.eddy.model.Decoder;
import io.eddy.model.ModelSpecification;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Some lanes of a batch with everything that one thread needs to learn from them. Gradients are
 * those of the summed loss; the batch divides by the count of targets when it has them all.
 */
final class LaneGroup {
  /** Lanes of a group. */
  static final int LANES = 8;

  private final Net net;
  private final int steps;
  private final int horizon;
  private final int rawPerStep;
  private final Backpropagation chunk;
  private final Loss loss;
  private final float dropout;
  private final SplittableRandom random;
  private final List<StackState> states = new ArrayList<>();
  private final long[] origins = new long[LANES];
  private final float[] raw;
  private final List<LayerParameters> layerGradients;
  private final Decoder headGradients;
  private List<Excerpt> excerpts = List.of();
  private double lossSum;
  private long count;

  /** Lanes for chunks of that many steps; {@code random} draws what dropout leaves out. */
  LaneGroup(Net net, ModelSpecification specification, int steps, SplittableRandom random) {
    this.net = net;
    this.random = random;
    dropout = (float) specification.network().dropout();
    this.steps = steps;
    horizon = specification.output().horizon();
    rawPerStep = specification.output().rawPerStep();
    chunk = new Backpropagation(net.stack(), LANES, steps);
    loss = Loss.of(specification.output());
    raw = new float[steps * LANES * net.head().sizes().rawSize()];
    layerGradients = net.layerZeros();
    headGradients = net.head().zeros();
    for (int lane = 0; lane < LANES; lane++) {
      states.add(net.stack().newState());
    }
  }

  /** Takes up to {@link #LANES} excerpts, from zero states. */
  void begin(List<Excerpt> excerpts) {
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

  /** The gradients of the last chunk, in the order of {@link Net#arrays}. */
  List<float[]> gradients() {
    return Net.arrays(layerGradients, headGradients);
  }

  /**
   * Goes through chunk {@code index} of the excerpts.
   *
   * @param end grid index before which targets must lie
   * @param learns whether gradients are wanted
   */
  void run(int index, long end, boolean learns) {
    fillInputs(index);
    if (learns && dropout > 0) {
      chunk.dropOut(dropout, random);
    } else {
      chunk.keepAll();
    }
    chunk.forward(states);
    net.head().apply(chunk.outputs(), origins, raw);
    lossSum = 0;
    count = 0;
    for (int t = 0; t < steps; t++) {
      for (int lane = 0; lane < LANES; lane++) {
        forecastLoss(index * steps + t, lane, (t * LANES + lane) * horizon * rawPerStep, end);
      }
    }
    if (learns) {
      backward();
    }
  }

  private void fillInputs(int index) {
    int size = net.stack().inputSize();
    float[] inputs = chunk.inputs();
    for (int lane = 0; lane < excerpts.size(); lane++) {
      Excerpt excerpt = excerpts.get(lane);
      origins[lane] = excerpt.sequence().firstStep() + excerpt.from() + (long) index * steps;
    }
    for (int t = 0; t < steps; t++) {
      for (int lane = 0; lane < LANES; lane++) {
        int at = (t * LANES + lane) * size;
        int step = stepOf(lane, index * steps + t);
        if (step >= 0) {
          excerpts.get(lane).sequence().input(step, inputs, at);
        } else {
          Arrays.fill(inputs, at, at + size, 0);
        }
      }
    }
  }

  /** Step of the sequence that a lane is at, or −1 past its excerpt's end. */
  private int stepOf(int lane, int offset) {
    if (lane >= excerpts.size()) {
      return -1;
    }
    int step = excerpts.get(lane).from() + offset;
    return step < excerpts.get(lane).to() ? step : -1;
  }

  /** Adds the loss of one forecast and turns its raw outputs into their gradients. */
  private void forecastLoss(int offset, int lane, int at, long end) {
    int step = stepOf(lane, offset);
    boolean counts = step >= 0 && step >= excerpts.get(lane).lossFrom();
    for (int j = 1; j <= horizon; j++) {
      int from = at + (j - 1) * rawPerStep;
      float target = Float.NaN;
      if (counts) {
        Sequence sequence = excerpts.get(lane).sequence();
        target = sequence.firstStep() + step + j < end ? sequence.target(step, j) : Float.NaN;
      }
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
    net.head().backward(chunk.outputs(), origins, raw, chunk.outputGradients(), headGradients);
    chunk.backward(layerGradients);
  }
}
