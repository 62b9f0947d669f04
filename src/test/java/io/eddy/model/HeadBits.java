package io.eddy.model;

import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.nn.StackState;
import io.eddy.nn.Workspace;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints the bits of forecasts of every head and decoder, with weights from a fixed seed.
 *
 * <p>The argument is the number of passes, of which later ones run compiled. All passes must give
 * the same lines, which are those of the golden file.
 */
final class HeadBits {
  private static final int STEPS = 40;

  private HeadBits() {}

  public static void main(String[] arguments) {
    List<String> lines = lines();
    for (int pass = 1; pass < Integer.parseInt(arguments[0]); pass++) {
      List<String> again = lines();
      if (!again.equals(lines)) {
        throw new IllegalStateException("pass " + pass + " differs from the first");
      }
    }
    lines.forEach(System.out::println);
  }

  /** Returns a line per head and decoder: their names, and the last forecast in hex. */
  static List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (HeadKind head : HeadKind.values()) {
      ModelSpecification linear =
          Models.withOutput(Models.specification(CellKind.GRU, 21, 24), Models.output(head));
      lines.add(line(linear));
      lines.add(line(Models.withStepsDecoder(linear, 19)));
    }
    return lines;
  }

  private static String line(ModelSpecification specification) {
    Model model = ModelFile.read(Models.file(specification, 11));
    StackState state = model.member(0).stack().newState();
    Workspace workspace = model.member(0).stack().newWorkspace();
    HeadWorkspace ahead = model.member(0).head().newWorkspace();
    ahead.rate = 50;
    float[] input = new float[model.member(0).encoder().size()];
    for (int t = 0; t < STEPS; t++) {
      for (int i = 0; i < input.length; i++) {
        input[i] = (t * 7 + i * 13) % 17 / 8f - 1;
      }
      model.member(0).stack().step(input, state, workspace);
      model.member(0).head().apply(workspace.output(), 0, 490_000 + t, ahead);
    }
    ModelSpecification.Output output = specification.output();
    StringBuilder line = new StringBuilder(output.head().id());
    line.append(' ').append(output.decoding().kind().id());
    for (float value : ahead.forecast()) {
      line.append(' ').append(Integer.toHexString(Float.floatToRawIntBits(value)));
    }
    return line.toString();
  }
}
