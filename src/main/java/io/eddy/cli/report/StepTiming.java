package io.eddy.cli.report;

import io.eddy.model.Decoder;
import io.eddy.model.Head;
import io.eddy.model.HeadWorkspace;
import io.eddy.model.InputEncoder;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.nn.CellKind;
import io.eddy.nn.CellStack;
import io.eddy.nn.LayerParameters;
import io.eddy.nn.StackState;
import io.eddy.nn.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Measures the duration of a step of cells and head, for one series on one thread. */
public final class StepTiming {
  private static final int ROUNDS = 15;
  private static final long ROUND_NANOS = 20_000_000;
  private static final long WARM_UP_NANOS = 400_000_000;
  private static final int STEPS = 64;

  private final CellStack stack;
  private final Head head;
  private final StackState state;
  private final Workspace workspace;
  private final float[] input;
  private final HeadWorkspace ahead;

  private StepTiming(CellStack stack, Head head) {
    this.stack = stack;
    this.head = head;
    state = stack.newState();
    workspace = stack.newWorkspace();
    input = new float[stack.inputSize()];
    ahead = head.newWorkspace();
  }

  /** Returns the nanoseconds of one step of all members of a model, for each kind of cell. */
  public static double[] nanoseconds(Model model, List<CellKind> kinds) {
    Map<ModelSpecification, Integer> sizes = new LinkedHashMap<>();
    model.members().forEach(member -> sizes.merge(member.specification(), 1, Integer::sum));
    double[] sums = new double[kinds.size()];
    sizes.forEach(
        (specification, count) -> {
          double[] memberNs = nanoseconds(specification, kinds);
          for (int i = 0; i < sums.length; i++) {
            sums[i] += count * memberNs[i];
          }
        });
    return sums;
  }

  /**
   * Returns the nanoseconds of one step of a network with random weights, for each kind of cell.
   * The kinds take turns, so that other load on the machine affects all of them; the result is the
   * median over the rounds.
   */
  private static double[] nanoseconds(ModelSpecification specification, List<CellKind> kinds) {
    List<StepTiming> nets = kinds.stream().map(kind -> of(specification, kind)).toList();
    nets.forEach(net -> net.run(WARM_UP_NANOS));
    double[][] rounds = new double[kinds.size()][ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < rounds.length; i++) {
        rounds[i][round] = nets.get(i).run(ROUND_NANOS);
      }
    }
    return Arrays.stream(rounds).mapToDouble(StepTiming::median).toArray();
  }

  private static StepTiming of(ModelSpecification specification, CellKind kind) {
    SplittableRandom random = new SplittableRandom(1);
    int hidden = specification.network().hiddenSize();
    int below = new InputEncoder(specification).size();
    List<LayerParameters> layers = new ArrayList<>();
    for (int i = 0; i < specification.network().layers(); i++) {
      layers.add(LayerParameters.random(kind, new LayerParameters.Sizes(below, hidden), random));
      below = hidden;
    }
    Decoder decoder = Decoder.random(specification, 1, random);
    return new StepTiming(
        new CellStack(layers, specification.network().dilations()),
        new Head(specification, decoder));
  }

  /** Runs steps for at least {@code minNanos} and returns the nanoseconds of one step. */
  private double run(long minNanos) {
    float[] forecast = ahead.forecast();
    long begin = System.nanoTime();
    long steps = 0;
    long taken;
    do {
      for (int i = 0; i < STEPS; i++) {
        input[0] = 0.5f * forecast[0] / (1 + Math.abs(forecast[0]));
        stack.step(input, state, workspace);
        head.apply(workspace.output(), 0, steps + i, ahead);
      }
      steps += STEPS;
      taken = System.nanoTime() - begin;
    } while (taken < minNanos);
    return (double) taken / steps;
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
