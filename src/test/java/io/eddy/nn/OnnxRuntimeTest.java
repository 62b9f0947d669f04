package io.eddy.nn;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the cells with the RNN, GRU and LSTM operators of ONNX Runtime. The state is carried
 * across calls.
 */
final class OnnxRuntimeTest {
  /**
   * Both are float32 with a different order of summation, and the activations differ by several
   * units in the last place, 6e-7 relative. The recurrence accumulates these differences.
   */
  private static final double RELATIVE = 1e-5;

  /** Values near zero are differences of terms near 1 and keep their rounding error. */
  private static final double ABSOLUTE = 1e-6;

  /** Random sizes; lengths are those of two calls. */
  private record Shape(
      int inputSize, int hiddenSize, int layers, int batch, int firstLength, int secondLength) {}

  static Stream<Arguments> shapes() {
    Random random = new Random(23);
    List<Arguments> cases = new ArrayList<>();
    for (CellKind kind : OnnxModel.OPERATORS) {
      for (int i = 0; i < 8; i++) {
        Shape shape =
            new Shape(
                1 + random.nextInt(12),
                1 + random.nextInt(i < 6 ? 40 : 130),
                1 + i % 3,
                1 + random.nextInt(6),
                1 + random.nextInt(30),
                1 + random.nextInt(30));
        cases.add(Arguments.of(kind, shape));
      }
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void matchesOperatorsAcrossTwoCalls(CellKind kind, Shape shape) throws OrtException {
    Random random = new Random(shape.hashCode());
    List<LayerParameters> layers = layers(kind, shape, random);
    EddyModel ours = new EddyModel(layers, shape.batch());

    try (OnnxSession theirs = new OnnxSession(kind, layers, shape)) {
      for (int length : new int[] {shape.firstLength(), shape.secondLength()}) {
        float[] inputs = uniform(length * shape.batch() * shape.inputSize(), 1.5f, random);

        float[] expected = theirs.run(inputs, length);
        float[] actual = ours.run(inputs, length);

        assertAgree(actual, expected);
      }
    }
  }

  private static void assertAgree(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected).isNotEmpty();
    for (int i = 0; i < actual.length; i++) {
      double limit = Math.max(ABSOLUTE, RELATIVE * Math.abs(expected[i]));
      assertThat(Math.abs((double) actual[i] - expected[i]))
          .as("element %d: %s, operator %s", i, actual[i], expected[i])
          .isLessThanOrEqualTo(limit);
    }
  }

  /** Random parameters, given as PyTorch would; a bias of 1 would hide an exchange of gates. */
  private static List<LayerParameters> layers(CellKind kind, Shape shape, Random random) {
    List<LayerParameters> layers = new ArrayList<>();
    int hidden = shape.hiddenSize();
    int rows = kind.gates() * hidden;
    float bound = (float) (1 / Math.sqrt(hidden));
    int below = shape.inputSize();
    for (int i = 0; i < shape.layers(); i++) {
      layers.add(
          LayerParameters.of(
              kind,
              new FMatrixRMaj(rows, below, true, uniform(rows * below, bound, random)),
              new FMatrixRMaj(rows, hidden, true, uniform(rows * hidden, bound, random)),
              uniform(rows, bound, random),
              uniform(rows, bound, random)));
      below = hidden;
    }
    return layers;
  }

  private static float[] uniform(int size, float bound, Random random) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = bound * (2 * random.nextFloat() - 1);
    }
    return values;
  }

  /** One step at a time, one state for each sequence of the batch. */
  private static final class EddyModel {
    private final CellStack stack;
    private final List<StackState> states = new ArrayList<>();

    EddyModel(List<LayerParameters> layers, int batch) {
      stack = new CellStack(layers, layers.stream().map(any -> 1).toList());
      for (int b = 0; b < batch; b++) {
        states.add(stack.newState());
      }
    }

    float[] run(float[] inputs, int length) {
      Workspace workspace = stack.newWorkspace();
      int size = stack.outputSize();
      float[] input = new float[stack.inputSize()];
      float[] outputs = new float[length * states.size() * size];
      for (int t = 0; t < length; t++) {
        for (int b = 0; b < states.size(); b++) {
          int at = t * states.size() + b;
          System.arraycopy(inputs, at * input.length, input, 0, input.length);
          stack.step(input, states.get(b), workspace);
          System.arraycopy(workspace.output(), 0, outputs, at * size, size);
        }
      }
      return outputs;
    }
  }

  /** A session of the same layers, which keeps the states [1, B, H] given back by each call. */
  private static final class OnnxSession implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final Shape shape;
    private final Map<String, float[]> states = new HashMap<>();

    OnnxSession(CellKind kind, List<LayerParameters> layers, Shape shape) throws OrtException {
      this.shape = shape;
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        session = environment.createSession(OnnxModel.of(kind, layers), options);
      }
      for (String name : session.getInputNames()) {
        if (!name.equals(OnnxModel.INPUT)) {
          states.put(name, new float[shape.batch() * shape.hiddenSize()]);
        }
      }
    }

    float[] run(float[] inputs, int length) throws OrtException {
      Map<String, OnnxTensor> feed = new HashMap<>();
      try {
        feed.put(OnnxModel.INPUT, tensor(inputs, length, shape.batch(), shape.inputSize()));
        for (Map.Entry<String, float[]> state : states.entrySet()) {
          feed.put(state.getKey(), tensor(state.getValue(), 1, shape.batch(), shape.hiddenSize()));
        }
        try (OrtSession.Result result = session.run(feed)) {
          for (Map.Entry<String, float[]> state : states.entrySet()) {
            state.setValue(values(result, OnnxModel.next(state.getKey())));
          }
          return values(result, OnnxModel.OUTPUT);
        }
      } finally {
        feed.values().forEach(OnnxTensor::close);
      }
    }

    private OnnxTensor tensor(float[] values, long... dimensions) throws OrtException {
      return OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), dimensions);
    }

    private static float[] values(OrtSession.Result result, String name) {
      FloatBuffer buffer = ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
      float[] values = new float[buffer.remaining()];
      buffer.get(values);
      return values;
    }

    @Override
    public void close() throws OrtException {
      session.close();
    }
  }
}
