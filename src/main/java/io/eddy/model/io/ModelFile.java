package io.eddy.model.io;

import io.eddy.model.Baseline;
import io.eddy.model.BaselineSpec;
import io.eddy.model.Decoder;
import io.eddy.model.FutureCovariateEncoder;
import io.eddy.model.Head;
import io.eddy.model.InputEncoder;
import io.eddy.model.InvalidModelException;
import io.eddy.model.LinearBaseline;
import io.eddy.model.LinearDecoder;
import io.eddy.model.Member;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.ModelVersion;
import io.eddy.model.StepsDecoder;
import io.eddy.nn.CellKind;
import io.eddy.nn.CellStack;
import io.eddy.nn.LayerParameters;
import io.eddy.nn.Linear;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ejml.data.FMatrixRMaj;

/**
 * A model and the safetensors file that holds it, with PyTorch's tensor names and layouts.
 *
 * <pre>
 *   rnn.weight_ih_l0 [G·H, D]   rnn.weight_hh_l0 [G·H, H]   rnn.bias_ih_l0 [G·H]   rnn.bias_hh_l0 [G·H]
 *   head.weight [J·R, H]        head.bias [J·R]
 * </pre>
 *
 * With a steps decoder of M units over C known-future covariates:
 *
 * <pre>
 *   decoder.hidden.weight [M, H]        decoder.hidden.bias [M]
 *   decoder.embedding.weight [J, M]     decoder.covariates.weight [M, C], if C is not 0
 *   head.weight [R, M]                  head.bias [R]
 * </pre>
 *
 * With a linear baseline of L steps: {@code base.weight} [J, F], the weights of {@link
 * LinearBaseline} for F features.
 *
 * <p>The tensors of further members have the same names, prefixed with {@code members.1.}, {@code
 * members.2.} and so on. The metadata entry {@code eddy} holds the specification as JSON. Reading
 * checks every shape against the specification, and that every number is finite.
 */
public final class ModelFile {
  private static final String SPECIFICATION = "eddy";
  private static final String BASELINE = "base.weight";
  private static final String MEMBERS = "members.";
  private static final Pattern FURTHER_MEMBER = Pattern.compile("members\\.([1-9]\\d?)\\.(.+)");

  private final byte[] bytes;
  private final Model model;

  private ModelFile(byte[] bytes, Model model) {
    this.bytes = bytes;
    this.model = model;
  }

  /**
   * Writes a model of one or more members. The same members give the same bytes.
   *
   * @throws IllegalArgumentException if the members cannot form one model
   * @throws InvalidModelException if a weight is not finite
   */
  public static ModelFile of(List<Member> members) {
    List<ModelSpecification> specifications = members.stream().map(Member::specification).toList();
    Model.requireCompatible(specifications);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < members.size(); i++) {
      String prefix = i == 0 ? "" : MEMBERS + i + ".";
      tensors(members.get(i)).forEach((name, tensor) -> tensors.put(prefix + name, tensor));
    }
    tensors.forEach(ModelFile::requireFinite);
    byte[] bytes =
        new Safetensors(Map.of(SPECIFICATION, SpecificationJson.write(specifications)), tensors)
            .toBytes();
    return new ModelFile(bytes, new Model(ModelVersion.of(bytes), members));
  }

  /** Returns the bytes of the file; not a copy. */
  public byte[] bytes() {
    return bytes;
  }

  /** Returns the model, whose version is the hash of the bytes. */
  public Model model() {
    return model;
  }

  private static Map<String, Tensor> tensors(Member member) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    CellStack stack = member.stack();
    for (int layer = 0; layer < stack.size(); layer++) {
      LayerParameters parameters = stack.parameters(layer);
      tensors.put("rnn.weight_ih_l" + layer, tensor(parameters.weightIh()));
      tensors.put("rnn.weight_hh_l" + layer, tensor(parameters.weightHh()));
      tensors.put("rnn.bias_ih_l" + layer, tensor(parameters.biasIh()));
      tensors.put("rnn.bias_hh_l" + layer, tensor(parameters.biasHh()));
      if (stack.kind().rates() > 0) {
        tensors.put("rnn.nu_log_l" + layer, tensor(parameters.nuLog()));
        tensors.put("rnn.theta_log_l" + layer, tensor(parameters.thetaLog()));
      }
    }
    put(tensors, member.head().decoder());
    LinearBaseline linear = member.baseline().linear();
    if (linear != null) {
      tensors.put(BASELINE, tensor(linear.weight()));
    }
    return tensors;
  }

  private static void put(Map<String, Tensor> tensors, Decoder decoder) {
    if (decoder instanceof StepsDecoder steps) {
      put(tensors, "decoder.hidden", steps.shared());
      tensors.put("decoder.embedding.weight", tensor(steps.embedding()));
      if (steps.sizes().covariates() > 0) {
        tensors.put("decoder.covariates.weight", tensor(steps.covariateWeight()));
      }
      put(tensors, "head", steps.output());
    } else {
      put(tensors, "head", ((LinearDecoder) decoder).linear());
    }
  }

  private static void put(Map<String, Tensor> tensors, String name, Linear linear) {
    tensors.put(name + ".weight", tensor(linear.weight()));
    tensors.put(name + ".bias", tensor(linear.bias()));
  }

  /**
   * Reads and validates a file. This is the only reader of model files.
   *
   * @throws InvalidModelException that names the invalid tensor or field
   */
  public static Model read(byte[] file) {
    Safetensors content = Safetensors.parse(file);
    String json = content.metadata().get(SPECIFICATION);
    if (json == null) {
      throw new InvalidModelException(
          "the metadata entry '%s' is missing: not a model of Eddy; use 'eddy import' for weights"
              + " of other frameworks",
          SPECIFICATION);
    }
    List<ModelSpecification> specifications = SpecificationJson.read(json);
    List<Map<String, Tensor>> tensors = byMember(content.tensors(), specifications.size());
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < specifications.size(); i++) {
      members.add(readMember(i, specifications.get(i), tensors.get(i)));
    }
    return new Model(ModelVersion.of(file), members);
  }

  /** Splits the tensors by member, with the names of a single-member file. */
  private static List<Map<String, Tensor>> byMember(Map<String, Tensor> all, int members) {
    List<Map<String, Tensor>> tensors = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      tensors.add(new LinkedHashMap<>());
    }
    all.forEach(
        (name, tensor) -> {
          Matcher matcher = FURTHER_MEMBER.matcher(name);
          int member = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
          boolean isFurther = member > 0 && member < members;
          tensors.get(isFurther ? member : 0).put(isFurther ? matcher.group(2) : name, tensor);
        });
    return tensors;
  }

  private static Member readMember(
      int index, ModelSpecification specification, Map<String, Tensor> tensors) {
    try {
      return readMember(specification, tensors);
    } catch (InvalidModelException | IllegalArgumentException e) {
      throw new InvalidModelException(
          "%s%s", index == 0 ? "" : MEMBERS + index + ".", e.getMessage());
    }
  }

  /**
   * A model that was made from weights of PyTorch.
   *
   * @param notes what was assumed, one sentence each
   */
  public record Imported(ModelFile file, List<String> notes) {}

  /**
   * Converts weights of PyTorch, which come without a specification.
   *
   * @param weights safetensors of a net with one recurrent module and a linear head
   * @param specification as JSON; its format and provenance are optional
   * @param source name of the weights, for the provenance
   * @throws InvalidModelException that names the invalid tensor or field, with both shapes if a
   *     shape does not match, and what to do
   */
  public static Imported importWeights(byte[] weights, String specification, String source) {
    ModelSpecification read = SpecificationJson.readHandWritten(specification, source);
    ForeignWeights foreign = ForeignWeights.of(weights, read);
    return new Imported(of(List.of(readMember(read, foreign.tensors()))), foreign.notes());
  }

  private static Member readMember(ModelSpecification specification, Map<String, Tensor> all) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(all);
    CellStack stack = readStack(specification, tensors);
    Head head = new Head(specification, readDecoder(specification, tensors));
    Baseline baseline = readBaseline(specification, tensors);
    if (!tensors.isEmpty()) {
      throw new InvalidModelException(
          "%s: unexpected tensor, not part of this model", tensors.keySet().iterator().next());
    }
    return new Member(specification, stack, head, baseline);
  }

  /** Returns the JSON of a specification, as a model file contains it. */
  public static String specificationJson(ModelSpecification specification) {
    return SpecificationJson.write(specification);
  }

  /** Returns the JSON of the specification in a file, or {@code {}} if it has none. */
  public static String specificationOf(byte[] file) {
    return Safetensors.parse(file).metadata().getOrDefault(SPECIFICATION, "{}");
  }

  private static CellStack readStack(
      ModelSpecification specification, Map<String, Tensor> tensors) {
    ModelSpecification.Network network = specification.network();
    int hidden = network.hiddenSize();
    CellKind cell = network.cell();
    int rows = cell.gates() * hidden;
    int recurrentRows = cell.recurrentGates() * hidden;
    int recurrentColumns = cell.recurrentInputs() * hidden;
    int inputSize = new InputEncoder(specification).size();
    List<LayerParameters> layers = new ArrayList<>();
    for (int layer = 0; layer < network.layers(); layer++) {
      int size = layer == 0 ? inputSize : hidden;
      LayerParameters parameters =
          LayerParameters.of(
              cell,
              matrix(take(tensors, "rnn.weight_ih_l" + layer, rows, size)),
              matrix(take(tensors, "rnn.weight_hh_l" + layer, recurrentRows, recurrentColumns)),
              take(tensors, "rnn.bias_ih_l" + layer, rows).values(),
              take(tensors, "rnn.bias_hh_l" + layer, recurrentRows).values());
      layers.add(
          cell.rates() == 0
              ? parameters
              : parameters.withRates(
                  take(tensors, "rnn.nu_log_l" + layer, hidden).values(),
                  take(tensors, "rnn.theta_log_l" + layer, hidden).values()));
    }
    return new CellStack(layers, network.dilations());
  }

  private static Decoder readDecoder(
      ModelSpecification specification, Map<String, Tensor> tensors) {
    Decoder.Sizes sizes = Decoder.Sizes.of(specification);
    int width = sizes.width();
    if (width == 0) {
      return new LinearDecoder(linear(tensors, "head", sizes.hiddenSize(), sizes.rawSize()), sizes);
    }
    Linear shared = linear(tensors, "decoder.hidden", sizes.hiddenSize(), width);
    FMatrixRMaj embedding =
        matrix(take(tensors, "decoder.embedding.weight", sizes.horizon(), width));
    FMatrixRMaj covariates =
        sizes.covariates() == 0
            ? new FMatrixRMaj(width, 0)
            : matrix(take(tensors, "decoder.covariates.weight", width, sizes.covariates()));
    Linear output = linear(tensors, "head", width, sizes.rawPerStep());
    return StepsDecoder.of(
        shared, embedding, covariates, output, new FutureCovariateEncoder(specification));
  }

  private static Baseline readBaseline(
      ModelSpecification specification, Map<String, Tensor> tensors) {
    BaselineSpec baseline = specification.output().baseline();
    if (!baseline.isLinear()) {
      return new Baseline(specification, null);
    }
    Tensor weight =
        take(tensors, BASELINE, specification.output().horizon(), baseline.featureCount());
    return new Baseline(specification, new LinearBaseline(matrix(weight)));
  }

  private static Linear linear(Map<String, Tensor> tensors, String name, int in, int out) {
    return Linear.of(
        matrix(take(tensors, name + ".weight", out, in)),
        take(tensors, name + ".bias", out).values());
  }

  private static Tensor take(Map<String, Tensor> tensors, String name, int... shape) {
    Tensor tensor = tensors.remove(name);
    if (tensor == null) {
      throw new InvalidModelException("%s is missing", name);
    }
    if (!Arrays.equals(tensor.shape(), shape)) {
      throw new InvalidModelException(
          "%s: expected %s, got %s", name, text(shape), text(tensor.shape()));
    }
    requireFinite(name, tensor);
    return tensor;
  }

  private static void requireFinite(String name, Tensor tensor) {
    for (int i = 0; i < tensor.values().length; i++) {
      if (!Float.isFinite(tensor.values()[i])) {
        throw new InvalidModelException(
            "%s: expected finite numbers, got %s at index %d", name, tensor.values()[i], i);
      }
    }
  }

  private static String text(int[] shape) {
    return Arrays.toString(shape).replace('[', '(').replace(']', ')');
  }

  private static FMatrixRMaj matrix(Tensor tensor) {
    return new FMatrixRMaj(tensor.shape()[0], tensor.shape()[1], true, tensor.values());
  }

  private static Tensor tensor(FMatrixRMaj matrix) {
    return new Tensor(new int[] {matrix.numRows, matrix.numCols}, matrix.data);
  }

  private static Tensor tensor(float[] values) {
    return new Tensor(new int[] {values.length}, values);
  }
}
