package io.eddy.model.io;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.eddy.model.BaselineSpec;
import io.eddy.model.Covariate;
import io.eddy.model.CovariateState;
import io.eddy.model.FutureCovariateEncoder;
import io.eddy.model.HeadKind;
import io.eddy.model.HeadWorkspace;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.NegativeBinomial;
import io.eddy.model.Provenance;
import io.eddy.model.SeriesPast;
import io.eddy.nn.CellKind;
import io.eddy.nn.StackState;
import io.eddy.nn.Workspace;
import io.eddy.series.Aggregation;
import io.eddy.series.Covariates;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Sampling;
import io.eddy.series.Window;
import io.eddy.series.store.InMemorySeriesStore;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the exported step in ONNX Runtime with the model over a whole series. */
final class OnnxExporterTest {
  private static final int STEPS = 300;

  /** Both sides are float32 and sum in different orders. */
  private static final double RELATIVE = 1e-5;

  /** A value near zero is a difference of terms near 1 and keeps their rounding error. */
  private static final double ABSOLUTE = 2e-6;

  static Stream<Arguments> models() {
    List<Arguments> cases = new ArrayList<>();
    for (CellKind kind : CellKind.values()) {
      for (List<Integer> dilations : List.of(List.of(1), List.of(1, 3), List.of(2, 1, 5))) {
        cases.add(Arguments.of(kind, dilations, List.of(0.1, 0.25, 0.5, 0.9)));
      }
      cases.add(Arguments.of(kind, List.of(1), List.of()));
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("models")
  void matchesScaledForecasts(CellKind kind, List<Integer> dilations, List<Double> levels)
      throws OrtException {
    assertSameForecasts(specification(kind, dilations, levels));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void matchesStepsDecoder(boolean hasCalendar) throws OrtException {
    ModelSpecification plain = specification(CellKind.GRU, List.of(1), List.of(0.25, 0.5, 0.9));
    ModelSpecification specification =
        new ModelSpecification(
            plain.network(),
            plain.sampling(),
            new ModelSpecification.Inputs(3, hasCalendar, 24),
            plain.output(),
            plain.contextLength(),
            plain.provenance());

    assertSameForecasts(Models.withStepsDecoder(specification, 11));
  }

  @Test
  void matchesCovariates() throws OrtException {
    assertSameForecasts(
        Models.withCovariates(
            specification(CellKind.LSTM, List.of(1, 3), List.of(0.25, 0.5, 0.9)),
            Covariate.past("load"),
            Covariate.staticCovariate("height", 100, 20)));
  }

  @Test
  void matchesFutureCovariates() throws OrtException {
    ModelSpecification specification =
        specification(CellKind.LSTM, List.of(1, 3), List.of(0.25, 0.5, 0.9));

    assertSameForecasts(
        Models.withCovariates(
            Models.withStepsDecoder(specification, 11),
            Covariate.future("load"),
            Covariate.staticCovariate("height", 100, 20)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 11})
  void matchesClassProbabilities(int width) throws OrtException {
    ModelSpecification specification =
        Models.withOutput(
            specification(CellKind.LSTM, List.of(1), List.of()),
            ModelSpecification.Output.ofClasses(4, 30, new BaselineSpec(6)));

    assertSameForecasts(width == 0 ? specification : Models.withStepsDecoder(specification, width));
  }

  @ParameterizedTest
  @EnumSource(
      value = HeadKind.class,
      names = {"GAUSSIAN", "STUDENT_T"})
  void matchesDistributionQuantiles(HeadKind head) throws OrtException {
    List<Double> levels = List.of(0.025, 0.5, 0.9);
    ModelSpecification specification =
        Models.withOutput(
            specification(CellKind.GRU, List.of(1), levels),
            new ModelSpecification.Output(4, head, levels, new BaselineSpec(6)));

    assertSameForecasts(specification);
    assertSameForecasts(Models.withStepsDecoder(specification, 7));
  }

  @Test
  void exportsMeanAndDispersionOfCounts() throws OrtException {
    List<Double> levels = List.of(0.1, 0.5, 0.9, 0.99, 0.9999);
    Model model =
        ModelFile.read(
            Models.file(
                Models.withOutput(
                    specification(CellKind.GRU, List.of(1), levels),
                    new ModelSpecification.Output(
                        4, HeadKind.NEGATIVE_BINOMIAL, levels, new BaselineSpec(6))),
                5));
    NegativeBinomial distribution = new NegativeBinomial(levels);
    Reference reference = new Reference(model);

    try (OnnxSession onnx = new OnnxSession(model)) {
      for (int t = 0; t < STEPS; t++) {
        float[] input = reference.next(t);

        float[] parameters = onnx.step(input, t, reference.past.covariates());
        float[] counts = new float[4 * levels.size()];
        for (int j = 0; j < 4; j++) {
          distribution.quantiles(
              parameters[2 * j], parameters[2 * j + 1], counts, j * levels.size());
        }

        assertThat(counts).isEqualTo(reference.step(input, t));
      }
    }
  }

  private static void assertSameForecasts(ModelSpecification specification) throws OrtException {
    Model model = ModelFile.read(Models.file(specification, 5));
    Reference reference = new Reference(model);

    try (OnnxSession onnx = new OnnxSession(model)) {
      for (int t = 0; t < STEPS; t++) {
        float[] input = reference.next(t);

        float[] expected = onnx.step(input, t, reference.past.covariates());
        float[] actual = reference.step(input, t);

        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
          assertThat(Math.abs((double) actual[i] - expected[i]))
              .as("step %d, output %d: %s, operator %s", t, i, actual[i], expected[i])
              .isLessThanOrEqualTo(Math.max(ABSOLUTE, RELATIVE * Math.abs(expected[i])));
        }
      }
    }
  }

  private static ModelSpecification specification(
      CellKind kind, List<Integer> dilations, List<Double> levels) {
    return new ModelSpecification(
        new ModelSpecification.Network(kind, 13, dilations),
        new Sampling(Models.INTERVAL, Aggregation.FIRST, 3),
        new ModelSpecification.Inputs(3, true, 24),
        new ModelSpecification.Output(4, levels, new BaselineSpec(6)),
        30,
        new Provenance("test", 1, "test", Map.of()));
  }

  /** Encodes a series and advances the model. */
  private static final class Reference {
    private final Model model;
    private final SeriesPast past;
    private final StackState state;
    private final Workspace workspace;

    Reference(Model model) {
      this.model = model;
      past = SeriesPast.of(new Window(30, new InMemorySeriesStore()), model.specification());
      state = model.member(0).stack().newState();
      workspace = model.member(0).stack().newWorkspace();
    }

    float[] next(int t) {
      double value = 20 + 5 * StrictMath.sin(t * 0.4) + 0.02 * t + StrictMath.cos(t * t * 0.1);
      boolean isClassification = model.specification().output().isClassification();
      past.observe(
          isClassification ? Math.rint(value) % 30 : value,
          new Covariates(Map.of("load", StrictMath.cos(t * 0.3), "height", 130.0)),
          model.member(0).encoder().scaling());
      float[] input = new float[model.member(0).encoder().size()];
      model.member(0).encoder().encode(past, t, input, 0);
      return input;
    }

    float[] step(float[] input, int t) {
      HeadWorkspace ahead = model.member(0).head().newWorkspace();
      model.member(0).head().setFutureCovariates(past.covariates(), futureCovariates(t), ahead);
      model.member(0).stack().step(input, state, workspace);
      model.member(0).head().apply(workspace.output(), 0, t, ahead);
      return ahead.forecast();
    }
  }

  /** Returns the known numbers of four steps ahead, one of which is unknown. */
  private static FutureCovariates futureCovariates(int t) {
    double[] load = IntStream.range(1, 5).mapToDouble(j -> StrictMath.cos((t + j) * 0.3)).toArray();
    load[t % 4] = Double.NaN;
    return FutureCovariates.of(Map.of("load", load));
  }

  /** The exported model in ONNX Runtime. */
  private static final class OnnxSession implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final FutureCovariateEncoder covariates;
    private final int horizon;
    private final Map<String, float[]> states = new HashMap<>();
    private final Map<String, long[]> shapes = new HashMap<>();

    OnnxSession(Model model) throws OrtException {
      session =
          environment.createSession(OnnxExporter.write(model, 0), new OrtSession.SessionOptions());
      covariates = new FutureCovariateEncoder(model.specification());
      horizon = model.specification().output().horizon();
      int hidden = model.specification().network().hiddenSize();
      for (String name : session.getInputNames()) {
        if (!name.equals("input") && !name.equals("covariates")) {
          int dilation =
              model.member(0).stack().dilation(Integer.parseInt(name.replaceAll("\\D", "")));
          states.put(name, new float[dilation * hidden]);
          shapes.put(name, new long[] {dilation, 1, hidden});
        }
      }
    }

    float[] step(float[] input, int t, CovariateState past) throws OrtException {
      Map<String, OnnxTensor> inputs = new HashMap<>();
      try {
        if (covariates.sizes().size() > 0) {
          inputs.put("covariates", tensor(ahead(t, past), horizon, covariates.sizes().size()));
        }
        inputs.put("input", tensor(input, 1, input.length));
        for (Map.Entry<String, float[]> state : states.entrySet()) {
          inputs.put(
              state.getKey(),
              tensor(state.getValue(), Objects.requireNonNull(shapes.get(state.getKey()))));
        }
        try (OrtSession.Result result = session.run(inputs)) {
          states.replaceAll((name, old) -> values(result, name + "_next"));
          return values(result, "forecast");
        }
      } finally {
        inputs.values().forEach(OnnxTensor::close);
      }
    }

    private float[] ahead(int t, CovariateState past) {
      int columns = 2 * covariates.sizes().columns();
      float[] known = new float[(horizon + 1) * covariates.sizes().columns()];
      past.writeFuture(futureCovariates(t), horizon, known, 0);
      float[] held = new float[horizon * columns];
      covariates.fillForward(known, held);
      float[] all = new float[horizon * covariates.sizes().size()];
      float[] one = new float[covariates.sizes().size()];
      for (int j = 0; j < horizon; j++) {
        covariates.writeCalendar(t + 1 + j, one);
        System.arraycopy(held, j * columns, one, one.length - columns, columns);
        System.arraycopy(one, 0, all, j * one.length, one.length);
      }
      return all;
    }

    private OnnxTensor tensor(float[] values, long... shape) throws OrtException {
      return OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
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
