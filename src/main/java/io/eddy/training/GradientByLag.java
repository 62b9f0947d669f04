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
 * Gradient of the forecast by lag: the norm of ∂h_T/∂s_{T−k} over k, where h is the hidden state of
 * the top layer and s the state of a layer (h, and c for the LSTM).
 *
 * <p>The norm is the Frobenius norm divided by √H. It is 1 at k = 0, and a^k if every step
 * multiplies by a and rotates. Of several layers the largest norm counts. See Y. Bengio et al.,
 * Learning long-term dependencies with gradient descent is difficult, 1994.
 *
 * <p>With up to {@value #MAX_EXACT_UNITS} units every row of the Jacobian is computed. Above, its
 * norm is estimated from as many random sign vectors v, E|vᵀJ|² = |J|² (M. F. Hutchinson, 1989),
 * with a fixed seed.
 */
public final class GradientByLag {
  private static final int MAX_EXACT_UNITS = 64;
  private static final int MAX_SERIES = 100;

  private final double[][] norms;

  private GradientByLag(double[][] norms) {
    this.norms = norms;
  }

  /**
   * Computes the curve at the last step of each series, for at most {@value #MAX_SERIES} series
   * taken evenly.
   *
   * @param steps K, the largest lag; series without a run of more than K steps are skipped
   * @throws IllegalArgumentException if no series remains
   */
  public static GradientByLag of(Member member, List<SteppedSeries> series, int steps) {
    List<TrainingSequence> sequences = new ArrayList<>();
    for (SteppedSeries s : series) {
      longest(s, member).filter(run -> run.steps() > steps).ifPresent(sequences::add);
    }
    if (sequences.isEmpty()) {
      throw new IllegalArgumentException(
          "no series has more than %d consecutive steps; request fewer steps".formatted(steps));
    }
    int count = Math.min(MAX_SERIES, sequences.size());
    double[][] norms = new double[count][];
    for (int i = 0; i < count; i++) {
      TrainingSequence sequence = sequences.get((int) ((long) i * sequences.size() / count));
      if (sequence.isForecast()) {
        sequence.fill(Imputer.forecasting(member));
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
    return TrainingSequence.of(series, member.specification(), member.baseline()).stream()
        .max(Comparator.comparingInt(TrainingSequence::steps));
  }

  /**
   * Computes the norms for k = 0 … K at the last step.
   *
   * @param inputs [T, D] with T > K; not modified
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
    int lanes = Math.min(MAX_EXACT_UNITS, hidden);
    Backpropagation chunk = new Backpropagation(stack, lanes, steps + 1);
    for (int t = 0; t <= steps; t++) {
      for (int lane = 0; lane < lanes; lane++) {
        System.arraycopy(
            inputs, (begin + t) * size, chunk.inputs(), (t * lanes + lane) * size, size);
      }
    }
    chunk.forward(IntStream.range(0, lanes).mapToObj(lane -> copy(stack, before)).toList());
    seed(chunk.outputGradients(), steps * lanes * hidden, hidden);
    chunk.backward(
        IntStream.range(0, stack.size())
            .mapToObj(stack::parameters)
            .map(LayerParameters::zeros)
            .toList());
    double[] norms = new double[steps + 1];
    for (int k = 0; k <= steps; k++) {
      for (int layer = 0; layer < stack.size(); layer++) {
        double square = chunk.squaredStateGradient(layer, steps - k);
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

  /** Sets a unit vector in each lane, or random signs if there are more units than lanes. */
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

  /** Returns the number of series used. */
  public int series() {
    return norms.length;
  }

  /** Returns K, the largest lag. */
  public int steps() {
    return norms[0].length - 1;
  }

  /** Returns the median over the series at lag k. */
  public double median(int k) {
    double[] sorted = sortedAt(k);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /** Returns the minimum over the series at lag k. */
  public double min(int k) {
    return sortedAt(k)[0];
  }

  /** Returns the maximum over the series at lag k. */
  public double max(int k) {
    double[] sorted = sortedAt(k);
    return sorted[sorted.length - 1];
  }

  /** Returns the largest lag at which the median is at least {@code share}. */
  private int reach(double share) {
    int k = steps();
    while (k > 0 && median(k) < share) {
      k--;
    }
    return k;
  }

  /** Returns a one-line description of the curve. */
  public String describe() {
    int peak = IntStream.rangeClosed(0, steps()).reduce(0, (a, k) -> median(k) > median(a) ? k : a);
    int reach = reach(0.01);
    String end =
        reach < steps()
            ? "vanishes: below 1 %% from lag %d".formatted(reach + 1)
            : "does not vanish within %d steps: %.2g at the last lag"
                .formatted(steps(), median(steps()));
    if (median(peak) > 10) {
      return "explodes: %.3g at lag %d; %s".formatted(median(peak), peak, end);
    }
    return end;
  }

  private double[] sortedAt(int k) {
    double[] values = Arrays.stream(norms).mapToDouble(curve -> curve[k]).toArray();
    Arrays.sort(values);
    return values;
  }
}
