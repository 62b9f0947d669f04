package io.eddy.model.io;

import static io.eddy.model.io.OnnxGraphBuilder.attribute;

import io.eddy.model.CountReadout;
import io.eddy.model.Decoder;
import io.eddy.model.DistributionReadout;
import io.eddy.model.FutureCovariateEncoder;
import io.eddy.model.Head;
import io.eddy.model.HeadKind;
import io.eddy.model.InputEncoder;
import io.eddy.model.LinearDecoder;
import io.eddy.model.Member;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.NegativeBinomial;
import io.eddy.model.StepsDecoder;
import io.eddy.model.onnx.GraphProto;
import io.eddy.model.onnx.ModelProto;
import io.eddy.model.onnx.OperatorSetIdProto;
import io.eddy.model.onnx.StringStringEntryProto;
import io.eddy.nn.CellStack;
import io.eddy.nn.Linear;
import java.util.Arrays;
import java.util.List;
import org.ejml.dense.row.CommonOps_FDRM;

/**
 * Exports one step of a model as an ONNX model.
 *
 * <pre>
 *   in   input [1, D], from {@link InputEncoder}; the states of {@link OnnxLayers}
 *        covariates [J, C], from {@link FutureCovariateEncoder}, if the steps decoder takes any
 *   out  forecast [J, Q], scaled, in the order of {@link Head}; for counts [J, 2], the mean
 *        at a rate of 1 and the dispersion, see {@link CountReadout}; the next states
 * </pre>
 *
 * <p>The quantiles o_m + Σ ± s(o_i) are two products: raw outputs times a matrix that repeats the
 * median, and their softplus times one of 1, 0 and −1. The quantiles of a distribution are likewise
 * the raw outputs times a matrix that repeats the mean, and their softplus times the quantiles of
 * the standard form.
 */
public final class OnnxExporter {
  private static final long IR_VERSION = 8;
  private static final long OPERATOR_SET = 14;

  private final Member net;
  private final OnnxGraphBuilder graph = new OnnxGraphBuilder("step");

  private OnnxExporter(Member net) {
    this.net = net;
  }

  /**
   * Returns the bytes of an ONNX ModelProto. The same model gives the same bytes.
   *
   * @param member index of the member to export
   */
  public static byte[] write(Model model, int member) {
    Member net = model.member(member);
    ModelProto.Builder onnx =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("eddy")
            .setGraph(new OnnxExporter(net).graph())
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
            .addMetadataProps(entry("eddy", SpecificationJson.write(net.specification())))
            .addMetadataProps(entry("version", model.version().sha()));
    if (model.members().size() > 1) {
      onnx.addMetadataProps(entry("member", Integer.toString(member)));
    }
    return onnx.build().toByteArray();
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  private GraphProto graph() {
    CellStack stack = net.stack();
    graph.input("input", 1, stack.inputSize());
    Decoder.Sizes sizes = net.head().decoder().sizes();
    if (sizes.covariates() > 0) {
      graph.input("covariates", sizes.horizon(), sizes.covariates());
    }
    ModelSpecification.Output output = net.specification().output();
    graph.output(
        "forecast",
        output.horizon(),
        output.hasCounts() ? output.rawPerStep() : output.valuesPerStep());
    graph.integers("sequence_shape", 1, 1, stack.inputSize());
    graph.node("Reshape", List.of("input", "sequence_shape"), "x0");
    new OnnxLayers(graph, stack).add();
    addHead("x" + stack.size());
    return graph.build();
  }

  private void addHead(String hidden) {
    ModelSpecification.Output output = net.specification().output();
    graph.integers("hidden_shape", 1, net.stack().outputSize());
    graph.node("Reshape", List.of(hidden, "hidden_shape"), "hidden");
    if (net.head().decoder() instanceof StepsDecoder steps) {
      addStepsDecoder(steps);
    } else {
      addLinear("head", ((LinearDecoder) net.head().decoder()).linear(), "hidden", "outputs");
    }
    graph.integers("raw_shape", output.horizon(), output.rawPerStep());
    switch (output.head()) {
      case POINT -> graph.node("Reshape", List.of("outputs", "raw_shape"), "forecast");
      case SOFTMAX -> {
        graph.node("Reshape", List.of("outputs", "raw_shape"), "raw");
        graph.node("Softmax", List.of("raw"), List.of("forecast"), attribute("axis", 1));
      }
      case NEGATIVE_BINOMIAL -> addCounts();
      case QUANTILES, GAUSSIAN, STUDENT_T -> addQuantiles(output);
    }
  }

  /** Computes the forecast [J, Q] from the raw outputs [J, R]: o·M + s(o)·N + c. */
  private void addQuantiles(ModelSpecification.Output output) {
    int raw = output.rawPerStep();
    int levels = output.valuesPerStep();
    float[] offset = new float[levels];
    if (output.head() == HeadKind.QUANTILES) {
      int median = output.quantileLevels().indexOf(0.5);
      graph.floats("middles", medians(levels, median), raw, levels);
      graph.floats("distances", increments(levels, median), raw, levels);
    } else {
      float[] standard = new DistributionReadout(output).standard();
      float[] middles = new float[raw * levels];
      float[] distances = new float[raw * levels];
      for (int k = 0; k < levels; k++) {
        middles[k] = 1;
        distances[levels + k] = standard[k];
        offset[k] = DistributionReadout.MIN_SCALE * standard[k];
      }
      graph.floats("middles", middles, raw, levels);
      graph.floats("distances", distances, raw, levels);
    }
    graph.floats("offset", offset, 1, levels);
    graph.node("Reshape", List.of("outputs", "raw_shape"), "raw");
    addSoftplus("raw");
    graph.node("MatMul", List.of("raw", "middles"), "middle");
    graph.node("MatMul", List.of("softplus", "distances"), "distance");
    graph.node("Add", List.of("middle", "distance"), "spread");
    graph.node("Add", List.of("spread", "offset"), "forecast");
  }

  /** Computes mean and dispersion [J, 2] from the raw outputs: s(o + offset) + minimum. */
  private void addCounts() {
    graph.floats(
        "offset", new float[] {CountReadout.MEAN_OFFSET, CountReadout.DISPERSION_OFFSET}, 1, 2);
    graph.floats("minimum", new float[] {0, NegativeBinomial.MIN_DISPERSION}, 1, 2);
    graph.node("Reshape", List.of("outputs", "raw_shape"), "raw");
    graph.node("Add", List.of("raw", "offset"), "moved");
    addSoftplus("moved");
    graph.node("Add", List.of("softplus", "minimum"), "forecast");
  }

  /** Computes s(o) as {@code softplus}. */
  private void addSoftplus(String input) {
    graph.floats("one", new float[] {1}, 1);
    graph.floats("half", new float[] {0.5f}, 1);
    graph.node("Mul", List.of(input, input), "squares");
    graph.node("Add", List.of("squares", "one"), "squares_and_one");
    graph.node("Sqrt", List.of("squares_and_one"), "roots");
    graph.node("Add", List.of(input, "roots"), "sums");
    graph.node("Mul", List.of("sums", "half"), "softplus");
  }

  /** Computes the units [J, M] of all steps at once, then the raw outputs [J, R]. */
  private void addStepsDecoder(StepsDecoder decoder) {
    Decoder.Sizes sizes = decoder.sizes();
    addLinear("decoder", decoder.shared(), "hidden", "shared");
    graph.floats("embedding", decoder.embedding().data, sizes.horizon(), sizes.width());
    graph.node("Add", List.of("embedding", "shared"), "steps");
    String sums = "steps";
    if (sizes.covariates() > 0) {
      graph.floats(
          "covariate_weight",
          CommonOps_FDRM.transpose(decoder.covariateWeight(), null).data,
          sizes.covariates(),
          sizes.width());
      graph.node("MatMul", List.of("covariates", "covariate_weight"), "known");
      graph.node("Add", List.of("steps", "known"), "informed");
      sums = "informed";
    }
    graph.node("Relu", List.of(sums), "units");
    addLinear("head", decoder.output(), "units", "outputs");
  }

  private void addLinear(String name, Linear linear, String input, String output) {
    graph.linear(name, linear.weight(), linear.bias(), input, output);
  }

  /** Returns the [Q, Q] matrix whose row m, the median's, is 1. */
  private static float[] medians(int levels, int median) {
    float[] matrix = new float[levels * levels];
    Arrays.fill(matrix, median * levels, (median + 1) * levels, 1f);
    return matrix;
  }

  /**
   * Returns the [Q, Q] factors of output i in quantile k: 1 for m &lt; i ≤ k, −1 for k ≤ i &lt; m.
   */
  private static float[] increments(int levels, int median) {
    float[] matrix = new float[levels * levels];
    for (int i = 0; i < levels; i++) {
      for (int k = 0; k < levels; k++) {
        if (median < i && i <= k) {
          matrix[i * levels + k] = 1;
        } else if (k <= i && i < median) {
          matrix[i * levels + k] = -1;
        }
      }
    }
    return matrix;
  }
}
