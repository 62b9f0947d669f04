package io.eddy.training;

import io.eddy.model.Member;
import io.eddy.nn.Backpropagation;
import io.eddy.nn.CellStack;
import io.eddy.nn.LayerParameters;
import io.eddy.nn.StackState;
import io.eddy.nn.Workspace;
import io.eddy.series.SteppedSeries;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * How far back a forecast feels: the norm of ∂h_T/∂s_{T−k} over k, where h is the top layer's
 * hidden state and s a layer's state, h and for the LSTM c. The norm is Frobenius' over √H, so that
 * it is 1 at k = 0 and a^k where every step multiplies by a and turns; of several layers, the
 * largest counts. Y. Bengio et al., Learning long-term dependencies with gradient descent is
 * difficult, 1994.
 *
 * <p>Up to {@value #EXACT} units every row of the Jacobian is made; beyond, its norm is estimated
 * from as many random signs v, E|vᵀJ|² = |J|² (M. F. Hutchinson, 1989), with a fixed seed.
 */
public final class GradientByLag {
  private static final int EXACT = 64;
  private static final int MAX_SERIES = 100;

  private final double[][] norms;

  private GradientByLag(double[][] norms) {
    this.norms = norms;
  }

  /**
   * The curve at the last step of each series, of at most {@value #MAX_SERIES} evenly taken.
   *
   * @param steps K: how far back; a series that has no run of more than K steps is left out
   * @throws IllegalArgumentException where none is left
   */
  public static GradientByLag of(Member member, List<SteppedSeries> series, int steps) {
    List<TrainingSequence> sequences = new ArrayList<>();
    for (SteppedSeries one : series) {
      longest(one, member).filter(run -> run.steps() > steps).ifPresent(sequences::add);
    }
    if (sequences.isEmpty()) {
      throw new IllegalArgumentException(
          "no series has a run of more than %d steps: ask for fewer".formatted(steps));
    }
    int count = Math.min(MAX_SERIES, sequences.size());
    double[][] norms = new double[count][];
    for (int i = 0; i < count; i++) {
      TrainingSequence sequence = sequences.get((int) ((long) i * sequences.size() / count));
      if (sequence.isForecast()) {
        sequence.fill(Imputer.by(member));
      }
      float[] inputs = new float[sequence.steps() * member.encoder().size()];
      for (int t = 0; t < sequence.steps(); t++) {
        sequence.input(t, inputs, t * member.encoder().size());
      }
      norms[i] = norms(member.stack(), inputs, steps);
    }
    return new GradientByLag(norms);
  }

  private static Optional<TrainingSequence> longest(SteppedSeries series, Member member) {
    return TrainingSequence.of(series, member.specification(), member.base()).stream()
        .max(Comparator.comparingInt(TrainingSequence::steps));
  }

  /**
   * Norms for k = 0 … K at the last of the steps.
   *
   * @param inputs [T, D], T above K; not modified
   */
  static double[] norms(CellStack stack, float[] inputs, int steps) {
    int size = stack.inputSize();
    int begin = inputs.length / size - steps - 1;
    StackState before = stack.newState();
    Workspace workspace = stack.newWorkspace();
    float[] input = new float[size];
    for (int t = 0; t < begin; t++) {
      System.arraycopy(inputs, t * size, input, 0, size);
      stack.step(input, before, workspace);
    }
    int hidden = stack.outputSize();
    int lanes = Math.min(EXACT, hidden);
    Backpropagation back = new Backpropagation(stack, lanes, steps + 1);
    for (int t = 0; t <= steps; t++) {
      for (int lane = 0; lane < lanes; lane++) {
        System.arraycopy(
            inputs, (begin + t) * size, back.inputs(), (t * lanes + lane) * size, size);
      }
    }
    back.forward(IntStream.range(0, lanes).mapToObj(lane -> copy(stack, before)).toList());
    seed(back.outputGradients(), steps * lanes * hidden, hidden);
    back.backward(
        IntStream.range(0, stack.size())
            .mapToObj(stack::parameters)
            .map(LayerParameters::zeros)
            .toList());
    double[] norms = new double[steps + 1];
    for (int k = 0; k <= steps; k++) {
      for (int layer = 0; layer < stack.size(); layer++) {
        double square = back.squaredStateGradient(layer, steps - k);
        norms[k] = Math.max(norms[k], Math.sqrt(square / lanes / (lanes == hidden ? 1 : hidden)));
      }
    }
    return norms;
  }

  private static StackState copy(CellStack stack, StackState state) {
    StackState copy = stack.newState();
    copy.restore(state.position(), state.values());
    return copy;
  }

  /** A unit vector in each lane, or random signs where there are more units than lanes. */
  private static void seed(float[] gradients, int from, int hidden) {
    int lanes = (gradients.length - from) / hidden;
    SplittableRandom random = new SplittableRandom(1);
    for (int lane = 0; lane < lanes; lane++) {
      for (int j = 0; j < hidden; j++) {
        int at = from + lane * hidden + j;
        if (lanes < hidden) {
          gradients[at] = random.nextBoolean() ? 1 : -1;
        } else {
          gradients[at] = lane == j ? 1 : 0;
        }
      }
    }
  }

  /** Series that it was taken over. */
  public int series() {
    return norms.length;
  }

  /** K. */
  public int steps() {
    return norms[0].length - 1;
  }

  /** Median over the series at k steps back. */
  public double median(int k) {
    double[] sorted = at(k);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /** Least over the series at k steps back. */
  public double min(int k) {
    return at(k)[0];
  }

  /** Largest over the series at k steps back. */
  public double max(int k) {
    double[] sorted = at(k);
    return sorted[sorted.length - 1];
  }

  /** The last k before the median stays below {@code share} for good; K where it never does. */
  public int reach(double share) {
    int k = steps();
    while (k > 0 && median(k) < share) {
      k--;
    }
    return k;
  }

  /** What the curve says, in words. */
  public String describe() {
    int peak = IntStream.rangeClosed(0, steps()).reduce(0, (a, k) -> median(k) > median(a) ? k : a);
    int reach = reach(0.01);
    String end =
        reach < steps()
            ? "vanishes: below 1 %% from %d steps back on".formatted(reach + 1)
            : "does not vanish within %d steps: %.2g is left".formatted(steps(), median(steps()));
    if (median(peak) > 10) {
      return "explodes: %.3g times at %d steps back; %s".formatted(median(peak), peak, end);
    }
    return end;
  }

  private double[] at(int k) {
    double[] values = Arrays.stream(norms).mapToDouble(one -> one[k]).toArray();
    Arrays.sort(values);
    return values;
  }
}
