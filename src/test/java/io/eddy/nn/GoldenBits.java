package io.eddy.nn;

import java.util.ArrayList;
import java.util.List;
import org.ejml.data.FMatrixRMaj;

/**
 * Computes the outputs of every cell kind as bits: two layers with dilations 1 and 2. Weights and
 * inputs come from an integer generator, so only the kernels can cause a difference.
 *
 * <p>The main program prints the lines of the golden file after the given number of passes. Later
 * passes run compiled code.
 */
final class GoldenBits {
  private static final int STEPS = 50;
  private static final int INPUT = 5;
  private static final int[] HIDDEN = {24, 13};
  private static final float WEIGHT_BOUND = 0.375f;
  private static final float INPUT_BOUND = 4f;
  private static final float RATE_BOUND = 3f;

  /** State of a linear congruential generator, modulo 2³². */
  private int random = 20_260_101;

  private GoldenBits() {}

  public static void main(String[] arguments) {
    List<String> lines = lines();
    for (int pass = 1; pass < Integer.parseInt(arguments[0]); pass++) {
      List<String> again = lines();
      if (!again.equals(lines)) {
        throw new IllegalStateException("pass " + pass + " gave other bits than the first");
      }
    }
    lines.forEach(System.out::println);
  }

  /** Returns one line per cell kind and step: kind, step, state of the top layer in hexadecimal. */
  static List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (CellKind kind : CellKind.values()) {
      new GoldenBits().run(kind, lines);
    }
    return lines;
  }

  private void run(CellKind kind, List<String> lines) {
    CellStack stack =
        new CellStack(
            List.of(layer(kind, INPUT, HIDDEN[0]), layer(kind, HIDDEN[0], HIDDEN[1])),
            List.of(1, 2));
    StackState state = stack.newState();
    Workspace workspace = stack.newWorkspace();
    for (int step = 0; step < STEPS; step++) {
      stack.step(uniform(INPUT, INPUT_BOUND), state, workspace);
      StringBuilder line = new StringBuilder(kind.id()).append(' ').append(step);
      for (float value : workspace.output()) {
        line.append(' ').append(Integer.toHexString(Float.floatToRawIntBits(value)));
      }
      lines.add(line.toString());
    }
  }

  private LayerParameters layer(CellKind kind, int input, int hidden) {
    int rows = kind.gates() * hidden;
    int recurrentRows = kind.recurrentGates() * hidden;
    int reads = kind.recurrentInputs() * hidden;
    LayerParameters layer =
        LayerParameters.of(
            kind,
            new FMatrixRMaj(rows, input, true, uniform(rows * input, WEIGHT_BOUND)),
            new FMatrixRMaj(
                recurrentRows, reads, true, uniform(recurrentRows * reads, WEIGHT_BOUND)),
            uniform(rows, WEIGHT_BOUND),
            uniform(recurrentRows, WEIGHT_BOUND));
    return kind.rates() == 0
        ? layer
        : layer.withRates(uniform(hidden, RATE_BOUND), uniform(hidden, RATE_BOUND));
  }

  /** Numbers in [−bound, bound), each a product of a 24-bit integer and a power of two. */
  private float[] uniform(int size, float bound) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      random = random * 1_664_525 + 1_013_904_223;
      values[i] = (random >> 8) * 0x1p-23f * bound;
    }
    return values;
  }
}
