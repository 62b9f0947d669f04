package io.eddy.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Back-propagation through time of a stack over a chunk of T steps for B lanes (P. Werbos,
 * Backpropagation through time, 1990; truncated at the start of the chunk).
 *
 * <p>{@link #forward} starts from the state of each lane and leaves it advanced, so the next chunk
 * continues where this one ended. {@link #backward} propagates the gradients of the outputs to the
 * parameters and the inputs. Gradients are summed in a fixed order: steps from the last to the
 * first, lanes from the first to the last.
 *
 * <p>Lanes may have different lengths. Steps beyond the end of a lane are not read, leave its state
 * unchanged, have outputs of 0 and contribute no gradient.
 *
 * <p>An instance is used by one thread. The parameters may be shared as long as no thread modifies
 * them.
 */
public final class Backpropagation {
  private final int lanes;
  private final int steps;
  private final float[] inputs;
  private final float[] inputGradients;
  private final int[] lengths;
  private final List<LayerTape> tapes = new ArrayList<>();
  private int maxLength;

  /** Allocates buffers for chunks of {@code steps} steps and {@code lanes} lanes. */
  public Backpropagation(CellStack stack, int lanes, int steps) {
    this.lanes = lanes;
    this.steps = steps;
    inputs = new float[steps * lanes * stack.inputSize()];
    inputGradients = new float[inputs.length];
    lengths = new int[lanes];
    float[] below = inputs;
    float[] belowGradients = inputGradients;
    int belowStride = stack.inputSize();
    for (int i = 0; i < stack.size(); i++) {
      LayerTape tape =
          new LayerTape(
              stack.parameters(i),
              stack.dilation(i),
              new LayerTape.Chunk(lanes, steps, lengths),
              new LayerInput(below, belowGradients, belowStride));
      tapes.add(tape);
      below = tape.outputs;
      belowGradients = tape.outputGradients;
      belowStride = tape.hidden;
    }
  }

  /** Returns the inputs [T, B, D]. The caller fills them before {@link #forward}. */
  public float[] inputs() {
    return inputs;
  }

  /** Returns the outputs [T, B, H]: the hidden states of the top layer after {@link #forward}. */
  public float[] outputs() {
    return top().outputs;
  }

  /**
   * Returns the gradients of the outputs [T, B, H]. The caller fills them before {@link #backward}.
   */
  public float[] outputGradients() {
    return top().outputGradients;
  }

  /** Computes and returns the gradients of the inputs [T, B, D] after {@link #backward}. */
  public float[] inputGradients() {
    tapes.get(0).prepareInputGradients();
    for (int t = 0; t < maxLength; t++) {
      tapes.get(0).computeInputGradients(t);
    }
    int rest = maxLength * (inputGradients.length / steps);
    Arrays.fill(inputGradients, rest, inputGradients.length, 0);
    return inputGradients;
  }

  /**
   * Draws the dropout mask of the following chunks for the inputs of every layer above the first
   * (N. Srivastava et al., Dropout, 2014; between layers only, as in W. Zaremba et al., Recurrent
   * neural network regularization, 2014). Inputs that are kept are scaled by 1/(1 − rate).
   *
   * @param rate probability of dropping an input, in [0, 1)
   */
  public void enableDropout(float rate, RandomGenerator random) {
    for (int i = 1; i < tapes.size(); i++) {
      tapes.get(i).source().drawDropout(rate, random);
    }
  }

  /** Disables dropout for the following chunks. */
  public void disableDropout() {
    tapes.forEach(tape -> tape.source().disableDropout());
  }

  /**
   * Runs a full chunk of T steps for every lane.
   *
   * @param states [B]; modified
   */
  public void forward(List<StackState> states) {
    int[] fullLengths = new int[lanes];
    Arrays.fill(fullLengths, steps);
    forward(states, fullLengths);
  }

  /**
   * Runs a chunk and advances the state of each lane by its number of steps.
   *
   * @param states [B]; modified
   * @param lengths steps of each lane, 0 to T [B]; not modified
   */
  public void forward(List<StackState> states, int[] lengths) {
    requireLanes("states", states.size());
    requireLanes("lengths", lengths.length);
    maxLength = 0;
    for (int lane = 0; lane < lanes; lane++) {
      if (lengths[lane] < 0 || lengths[lane] > steps) {
        throw new IllegalArgumentException(
            "lengths: expected 0 to %d, got %d".formatted(steps, lengths[lane]));
      }
      this.lengths[lane] = lengths[lane];
      maxLength = Math.max(maxLength, lengths[lane]);
    }
    int from = 0;
    for (LayerTape tape : tapes) {
      tape.load(states, from);
      for (int t = 0; t < maxLength; t++) {
        tape.forward(t);
      }
      Arrays.fill(tape.outputs, maxLength * lanes * tape.hidden, tape.outputs.length, 0);
      tape.store(states, from);
      from += tape.dilation * tape.width;
    }
    for (int lane = 0; lane < lanes; lane++) {
      states.get(lane).advance(lengths[lane]);
    }
  }

  private void requireLanes(String name, int count) {
    if (count != lanes) {
      throw new IllegalArgumentException(
          "%s: expected (%d), got (%d)".formatted(name, lanes, count));
    }
  }

  /**
   * Propagates the output gradients back through the last chunk. Overwrites the values recorded by
   * {@link #forward}.
   *
   * @param gradients one {@link LayerParameters#zeros} per layer; added to
   */
  public void backward(List<LayerParameters> gradients) {
    for (int i = tapes.size() - 1; i >= 0; i--) {
      LayerTape tape = tapes.get(i);
      tape.prepareBackward();
      if (i > 0) {
        tape.prepareInputGradients();
      }
      for (int t = maxLength - 1; t >= 0; t--) {
        tape.backward(t, gradients.get(i));
        if (i > 0) {
          tape.computeInputGradients(t);
        }
      }
      tape.finishBackward(gradients.get(i));
    }
  }

  /**
   * Returns the sum of squares, over all lanes, of the gradient of a layer's state (all values of a
   * slot) after step {@code step} of the chunk. Valid after {@link #backward}.
   */
  public double squaredStateGradient(int layer, int step) {
    return tapes.get(layer).squaredStateGradient(step);
  }

  private LayerTape top() {
    return tapes.get(tapes.size() - 1);
  }
}
