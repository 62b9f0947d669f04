package io.eddy.model;

import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.nn.CellStack;
import io.eddy.nn.LayerParameters;
import io.eddy.series.Aggregation;
import io.eddy.series.GapFilling;
import io.eddy.series.Interval;
import io.eddy.series.Sampling;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.ejml.data.FMatrixRMaj;

/** Small models with random weights. */
public final class Models {
  public static final Duration INTERVAL = Duration.ofHours(1);

  private Models() {}

  /** Returns an hourly specification with three quantiles and four steps ahead. */
  public static ModelSpecification specification(CellKind kind, int hiddenSize, int context) {
    return specification(kind, hiddenSize, context, Aggregation.FIRST);
  }

  public static ModelSpecification specification(
      CellKind kind, int hiddenSize, int context, Aggregation aggregation) {
    return new ModelSpecification(
        new ModelSpecification.Network(kind, hiddenSize, List.of(1)),
        new Sampling(INTERVAL, aggregation, 3),
        new ModelSpecification.Inputs(2, true, 24),
        new ModelSpecification.Output(4, List.of(0.1, 0.5, 0.9), new BaselineSpec(6)),
        context,
        new Provenance("test", 1, "test", Map.of("mae", 1.5)));
  }

  /** Returns an output of four steps ahead with the last loss of a head and the naive baseline. */
  public static ModelSpecification.Output output(HeadKind head) {
    if (head == HeadKind.SOFTMAX) {
      return ModelSpecification.Output.ofClasses(4, 3, BaselineSpec.NAIVE);
    }
    return new ModelSpecification.Output(
        4,
        head,
        head.losses().get(head.losses().size() - 1),
        head == HeadKind.POINT ? List.of() : List.of(0.1, 0.5, 0.9),
        BaselineSpec.NAIVE);
  }

  /** Returns a specification for classes with a season of six steps. */
  public static ModelSpecification ofClasses(CellKind kind, int hiddenSize, int classes) {
    return withOutput(
        specification(kind, hiddenSize, 24),
        ModelSpecification.Output.ofClasses(4, classes, new BaselineSpec(6)));
  }

  /** Returns a copy with calibrated quantiles. */
  public static ModelSpecification calibrated(ModelSpecification specification) {
    return withOutput(specification, specification.output().withCalibrationRate(0.1));
  }

  /** Returns a combination with given seasons, and equal prior weights in groups of steps ahead. */
  public static CombinationSpec combination(List<Integer> seasons, List<Integer> lastSteps) {
    CombinationSpec.Adjustment shift = new CombinationSpec.Adjustment(0.25, 1);
    int components = 4 + 2 * seasons.size();
    return new CombinationSpec(
        0.1,
        new CombinationSpec.Trend(0.2, 0.1, 1),
        seasons.stream()
            .map(steps -> new CombinationSpec.Season(steps, 0.2, shift, shift))
            .toList(),
        CombinationSpec.Learning.DEFAULT,
        lastSteps.stream()
            .map(
                lastStep ->
                    new CombinationSpec.Group(
                        lastStep,
                        Collections.nCopies(components, 1.0 / components),
                        Collections.nCopies(components - 1, 1.0)))
            .toList());
  }

  /** Returns a combination with two seasons and two groups for four or more steps ahead. */
  public static CombinationSpec combination() {
    CombinationSpec.Adjustment drift = new CombinationSpec.Adjustment(0.25, 0.9);
    CombinationSpec.Adjustment shift = new CombinationSpec.Adjustment(0.5, 0.8);
    return new CombinationSpec(
        0.3,
        new CombinationSpec.Trend(0.3, 0.1, 0.9),
        List.of(
            new CombinationSpec.Season(6, 0.3, drift, shift),
            new CombinationSpec.Season(
                12, 0.2, CombinationSpec.Adjustment.NONE, CombinationSpec.Adjustment.NONE)),
        CombinationSpec.Learning.DEFAULT,
        List.of(
            new CombinationSpec.Group(
                1,
                List.of(0.3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1),
                List.of(1.0, 1.0, 1.0, 0.5, 0.5, 1.5, 0.0)),
            new CombinationSpec.Group(
                4,
                List.of(0.125, 0.125, 0.125, 0.125, 0.125, 0.125, 0.125, 0.125),
                List.of(2.0, 1.0, 1.0, 0.5, 0.5, 1.5, 2 / 3.0))));
  }

  /** Returns a copy that combines the net with simple forecasts. */
  public static ModelSpecification combined(ModelSpecification specification) {
    return specification.withCombination(combination());
  }

  /** Returns a copy with another output. */
  public static ModelSpecification withOutput(
      ModelSpecification specification, ModelSpecification.Output output) {
    return new ModelSpecification(
        specification.network(),
        specification.sampling(),
        specification.inputs(),
        output,
        specification.contextLength(),
        specification.provenance());
  }

  /** Returns a copy with a steps decoder. */
  public static ModelSpecification withStepsDecoder(ModelSpecification specification, int width) {
    ModelSpecification.Output output = specification.output();
    return withOutput(
        specification,
        new ModelSpecification.Output(
            output.horizon(),
            output.head(),
            output.loss(),
            output.quantileLevels(),
            output.classes(),
            new ModelSpecification.Decoding(DecoderKind.STEPS, width),
            output.baseline()));
  }

  /** Returns a copy with another interval. */
  public static ModelSpecification withInterval(
      ModelSpecification specification, Interval interval) {
    Sampling sampling = specification.sampling();
    return new ModelSpecification(
        specification.network(),
        new Sampling(interval, sampling.aggregation(), sampling.maxGapSteps()),
        specification.inputs(),
        specification.output(),
        specification.contextLength(),
        specification.provenance());
  }

  /** Returns a copy with another gap filling. */
  public static ModelSpecification withGaps(ModelSpecification specification, GapFilling gaps) {
    Sampling sampling = specification.sampling();
    return new ModelSpecification(
        specification.network(),
        new Sampling(sampling.interval(), sampling.aggregation(), sampling.maxGapSteps(), gaps),
        specification.inputs(),
        specification.output(),
        specification.contextLength(),
        specification.provenance());
  }

  /** Returns a copy with another network. */
  public static ModelSpecification withNetwork(
      ModelSpecification specification, ModelSpecification.Network network) {
    return new ModelSpecification(
        network,
        specification.sampling(),
        specification.inputs(),
        specification.output(),
        specification.contextLength(),
        specification.provenance());
  }

  /** Returns a copy with covariates of the data. */
  public static ModelSpecification withCovariates(
      ModelSpecification specification, Covariate... covariates) {
    return new ModelSpecification(
        specification.network(),
        specification.sampling(),
        specification.inputs().withCovariates(List.of(covariates)),
        specification.output(),
        specification.contextLength(),
        specification.provenance());
  }

  /** Returns a copy with corrections in units of the naive forecast's error. */
  public static ModelSpecification withErrorUnit(ModelSpecification specification) {
    ModelSpecification.Inputs inputs = specification.inputs();
    return new ModelSpecification(
        specification.network(),
        specification.sampling(),
        new ModelSpecification.Inputs(
            inputs.patch(), inputs.calendar(), inputs.scalerHalfLife(), 12, inputs.transform()),
        specification.output(),
        specification.contextLength(),
        specification.provenance());
  }

  /** Returns a copy with a linear baseline and a transform. */
  public static ModelSpecification withLinearBaseline(
      ModelSpecification specification, int lookBack, Transform transform) {
    ModelSpecification.Inputs inputs = specification.inputs();
    ModelSpecification.Output output = specification.output();
    return new ModelSpecification(
        specification.network(),
        specification.sampling(),
        new ModelSpecification.Inputs(
            inputs.patch(),
            inputs.calendar(),
            inputs.scalerHalfLife(),
            inputs.errorHalfLife(),
            transform),
        new ModelSpecification.Output(
            output.horizon(),
            output.head(),
            output.quantileLevels(),
            new BaselineSpec(output.baseline().seasonSteps(), lookBack)),
        specification.contextLength(),
        specification.provenance());
  }

  /** Returns a copy whose linear baseline takes the time of the year. */
  public static ModelSpecification withYear(ModelSpecification specification) {
    ModelSpecification.Output output = specification.output();
    BaselineSpec baseline = output.baseline();
    return withOutput(
        specification,
        new ModelSpecification.Output(
            output.horizon(),
            output.head(),
            output.quantileLevels(),
            new BaselineSpec(baseline.seasonSteps(), baseline.lookBack(), true)));
  }

  /** Returns a copy with lags. */
  public static ModelSpecification withLags(ModelSpecification specification, List<Integer> lags) {
    ModelSpecification.Inputs inputs = specification.inputs();
    return new ModelSpecification(
        specification.network(),
        specification.sampling(),
        new ModelSpecification.Inputs(
            inputs.patch(),
            inputs.calendar(),
            inputs.scalerHalfLife(),
            inputs.errorHalfLife(),
            inputs.transform(),
            lags),
        specification.output(),
        specification.contextLength(),
        specification.provenance());
  }

  /** Returns a copy with other dilations and another patch. */
  public static ModelSpecification withLayers(
      ModelSpecification specification, List<Integer> dilations, int patch) {
    ModelSpecification.Network network = specification.network();
    return new ModelSpecification(
        new ModelSpecification.Network(network.cell(), network.hiddenSize(), dilations),
        specification.sampling(),
        new ModelSpecification.Inputs(patch, true, 24),
        specification.output(),
        specification.contextLength(),
        specification.provenance());
  }

  /** Returns the file of a model with random weights. */
  public static byte[] file(ModelSpecification specification, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ModelSpecification.Network network = specification.network();
    List<LayerParameters> layers = new ArrayList<>();
    int size = new InputEncoder(specification).size();
    for (int i = 0; i < network.layers(); i++) {
      layers.add(
          LayerParameters.random(
              network.cell(), new LayerParameters.Sizes(size, network.hiddenSize()), random));
      size = network.hiddenSize();
    }
    return write(
        new Member(
            specification,
            new CellStack(layers, network.dilations()),
            new Head(specification, Decoder.random(specification, 1, random)),
            baseline(specification, random)));
  }

  /** Returns the file of a model of one member. */
  public static byte[] write(Member member) {
    return ModelFile.of(List.of(member)).bytes();
  }

  private static Baseline baseline(ModelSpecification specification, SplittableRandom random) {
    BaselineSpec baseline = specification.output().baseline();
    if (!baseline.isLinear()) {
      return new Baseline(specification, null);
    }
    FMatrixRMaj weight = new FMatrixRMaj(specification.output().horizon(), baseline.featureCount());
    for (int i = 0; i < weight.data.length; i++) {
      weight.data[i] = random.nextFloat() - 0.5f;
    }
    return new Baseline(specification, new LinearBaseline(weight));
  }

  /** Returns a model with random weights. */
  public static Model model(CellKind kind, int hiddenSize, int context, long seed) {
    return ModelFile.read(file(specification(kind, hiddenSize, context), seed));
  }

  /** Returns the same model with warm-up intervals. */
  public static byte[] withWarmUpIntervals(byte[] file, WarmUpIntervals intervals) {
    return ModelFile.of(
            ModelFile.read(file).members().stream()
                .map(member -> member.withWarmUpIntervals(intervals))
                .toList())
        .bytes();
  }

  /** Returns the file of an ensemble of all members of the given files. */
  public static byte[] combined(byte[]... files) {
    return ModelFile.of(
            Arrays.stream(files).flatMap(file -> ModelFile.read(file).members().stream()).toList())
        .bytes();
  }

  /** Returns an ensemble of a given cell, a dilated LSTM, and a GRU with an error unit. */
  public static byte[] ensembleFile(CellKind kind, int context, long seed) {
    return combined(
        file(specification(kind, 8, context), seed),
        file(withLayers(specification(CellKind.LSTM, 5, context), List.of(1, 3, 7), 4), seed + 1),
        file(
            withStepsDecoder(
                withErrorUnit(withLayers(specification(CellKind.GRU, 6, context), List.of(2), 12)),
                5),
            seed + 2));
  }

  /**
   * Returns a copy of an LSTM with another bias of the forget gates. With a large one cells keep
   * their state; with one far below 0 they forget it at once.
   */
  public static byte[] withForgetBias(byte[] file, float bias) {
    Member member = ModelFile.read(file).member(0);
    CellStack stack = member.stack();
    List<LayerParameters> layers = new ArrayList<>();
    List<Integer> dilations = new ArrayList<>();
    for (int i = 0; i < stack.size(); i++) {
      LayerParameters layer = stack.parameters(i);
      float[] biases = layer.biasIh();
      Arrays.fill(biases, layer.hiddenSize(), 2 * layer.hiddenSize(), bias);
      layers.add(
          LayerParameters.of(
              CellKind.LSTM, layer.weightIh(), layer.weightHh(), biases, layer.biasHh()));
      dilations.add(stack.dilation(i));
    }
    return write(
        new Member(
            member.specification(),
            new CellStack(layers, dilations),
            member.head(),
            member.baseline()));
  }

  /** Returns the file of a valid model whose forecasts are not finite, because of huge weights. */
  public static byte[] overflowingFile(ModelSpecification specification) {
    return mapped(specification, weight -> Float.MAX_VALUE);
  }

  /** Returns the file of a model with scaled random weights; 0 gives the baseline. */
  public static byte[] scaledFile(ModelSpecification specification, float factor) {
    return mapped(specification, weight -> factor * weight);
  }

  private static byte[] mapped(ModelSpecification specification, UnaryOperator<Float> map) {
    byte[] file = file(specification, 1);
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = Long.BYTES + (int) bytes.getLong(0); i < file.length; i += Float.BYTES) {
      bytes.putFloat(i, map.apply(bytes.getFloat(i)));
    }
    return file;
  }
}
