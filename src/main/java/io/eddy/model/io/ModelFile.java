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
import io.eddy.model.Provenance;
import io.eddy.model.StepsDecoder;
import io.eddy.model.WarmUpIntervals;
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
 * A model as one safetensors file, with PyTorch's tensor names and layouts.
 *
 * <pre>
 *   rnn.weight_ih_l0 [G·H, D]   rnn.weight_hh_l0 [G·H, H]   rnn.bias_ih_l0 [G·H]   rnn.bias_hh_l0 [G·H]
 *   head.weight [J·R, H]        head.bias [J·R]
 * </pre>
 *
 * With a decoder of steps, M units wide, over C known-future covariates:
 *
 * <pre>
 *   decoder.hidden.weight [M, H]        decoder.hidden.bias [M]
 *   decoder.embedding.weight [J, M]     decoder.covariates.weight [M, C], where C is not 0
 *   head.weight [R, M]                  head.bias [R]
 * </pre>
 *
 * With a linear base of L steps: {@code base.weight} [J, L − 1], the weights of {@link
 * LinearBaseline}.
 *
 * <p>The tensors of further members have the same names behind {@code members.1.}, {@code
 * members.2.} and so on. The metadata entry {@code eddy} holds the specification as JSON. Reading
 * checks every shape against the specification and that every number is finite.
 */
public final class ModelFile {
  private static final String SPECIFICATION = "eddy";
  private static final String BASE = "base.weight";
  private static final String MEMBERS = "members.";
  private static final Pattern FURTHER = Pattern.compile("members\\.([1-9]\\d?)\\.(.+)");
  private static final long MAX_BYTES = 1 << 30;

  private ModelFile() {}

  /** The file of a model of one net whose base has no weights. */
  public static byte[] write(ModelSpecification specification, CellStack stack, Head head) {
    return write(specification, stack, head, new Baseline(specification, null));
  }

  /** The file of a model of one net; the same model gives the same bytes. */
  public static byte[] write(
      ModelSpecification specification, CellStack stack, Head head, Baseline base) {
    return write(List.of(new Member(specification, stack, head, base)));
  }

  /**
   * The file of a model whose forecasts are the mean of its members'; the same members give the
   * same bytes.
   *
   * @throws IllegalArgumentException where the members do not fit together
   */
  public static byte[] write(List<Member> members) {
    List<ModelSpecification> specifications = members.stream().map(Member::specification).toList();
    Model.requireCompatible(specifications);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < members.size(); i++) {
      String prefix = i == 0 ? "" : MEMBERS + i + ".";
      tensors(members.get(i)).forEach((name, tensor) -> tensors.put(prefix + name, tensor));
    }
    return new Safetensors(Map.of(SPECIFICATION, SpecificationJson.write(specifications)), tensors)
        .toBytes();
  }

  /**
   * One file of several: the model whose forecasts are the mean of those of every member of theirs.
   *
   * @param files of models that differ in network, inputs, decoder and base alone
   * @throws InvalidModelException where one of them is no model
   * @throws IllegalArgumentException where they do not fit together
   */
  public static byte[] combine(List<byte[]> files, Provenance provenance) {
    long bytes = files.stream().mapToLong(file -> file.length).sum();
    if (bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "model files: expected at most %d bytes together, got %d".formatted(MAX_BYTES, bytes));
    }
    return write(
        files.stream()
            .flatMap(file -> read(file).members().stream())
            .map(member -> member.withProvenance(provenance))
            .toList());
  }

  /**
   * The file of the same model with other quantiles while a series is cold.
   *
   * @throws InvalidModelException where the file is no model
   */
  public static byte[] withWarmUpIntervals(byte[] file, WarmUpIntervals cold) {
    return write(
        read(file).members().stream().map(member -> member.withWarmUpIntervals(cold)).toList());
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
    }
    put(tensors, member.head().decoder());
    LinearBaseline linear = member.baseline().linear();
    if (linear != null) {
      tensors.put(BASE, tensor(linear.weight()));
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

  /** Reads and checks a file; throws {@link InvalidModelException} that says what is wrong. */
  public static Model read(byte[] file) {
    Safetensors content = Safetensors.parse(file);
    String json = content.metadata().get(SPECIFICATION);
    if (json == null) {
      throw new InvalidModelException(
          "the metadata entry '%s' is missing: no model of Eddy's, import it", SPECIFICATION);
    }
    List<ModelSpecification> specifications = SpecificationJson.read(json);
    List<Map<String, Tensor>> tensors = ofMembers(content.tensors(), specifications.size());
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < specifications.size(); i++) {
      members.add(readMember(i, specifications.get(i), tensors.get(i)));
    }
    return new Model(ModelVersion.of(file), members);
  }

  /** The tensors of each member under the names that they have in a file of its own. */
  private static List<Map<String, Tensor>> ofMembers(Map<String, Tensor> all, int members) {
    List<Map<String, Tensor>> tensors = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      tensors.add(new LinkedHashMap<>());
    }
    all.forEach(
        (name, tensor) -> {
          Matcher matcher = FURTHER.matcher(name);
          int member = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
          boolean isThere = member > 0 && member < members;
          tensors.get(isThere ? member : 0).put(isThere ? matcher.group(2) : name, tensor);
        });
    return tensors;
  }

  private static Member readMember(
      int index, ModelSpecification specification, Map<String, Tensor> tensors) {
    try {
      Parts parts = readParts(specification, tensors);
      return new Member(specification, parts.stack(), parts.head(), parts.base());
    } catch (InvalidModelException | IllegalArgumentException e) {
      throw new InvalidModelException(
          "%s%s", index == 0 ? "" : MEMBERS + index + ".", e.getMessage());
    }
  }

  /**
   * The file of a model whose weights come from PyTorch, without a specification of their own.
   *
   * @param weights safetensors with the names above; {@code rnn.} may be left out
   * @param specification as JSON; its provenance may be left out
   * @param source what the weights are called, for the provenance
   * @throws InvalidModelException that says what is wrong, with both shapes where one does not fit
   */
  public static byte[] importWeights(byte[] weights, String specification, String source) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Safetensors.parse(weights)
        .tensors()
        .forEach(
            (name, tensor) -> {
              String full = name.matches("(weight|bias)_(ih|hh)_l\\d+") ? "rnn." + name : name;
              if (tensors.put(full, tensor) != null) {
                throw new InvalidModelException("%s is there twice, with and without rnn.", full);
              }
            });
    ModelSpecification read = SpecificationJson.readHandWritten(specification, source);
    Parts parts = readParts(read, tensors);
    return write(read, parts.stack(), parts.head(), parts.base());
  }

  private record Parts(CellStack stack, Head head, Baseline base) {}

  private static Parts readParts(ModelSpecification specification, Map<String, Tensor> all) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(all);
    CellStack stack = readStack(specification, tensors);
    Head head = new Head(specification, readDecoder(specification, tensors));
    Baseline base = readBase(specification, tensors);
    if (!tensors.isEmpty()) {
      throw new InvalidModelException(
          "%s: no tensor of this model", tensors.keySet().iterator().next());
    }
    return new Parts(stack, head, base);
  }

  /** The specification's JSON as it stands in a file. */
  public static String specificationOf(byte[] file) {
    return Safetensors.parse(file).metadata().getOrDefault(SPECIFICATION, "{}");
  }

  private static CellStack readStack(
      ModelSpecification specification, Map<String, Tensor> tensors) {
    ModelSpecification.Network network = specification.network();
    int hidden = network.hiddenSize();
    int rows = network.cell().gates() * hidden;
    int inputSize = new InputEncoder(specification).size();
    List<LayerParameters> layers = new ArrayList<>();
    for (int layer = 0; layer < network.layers(); layer++) {
      int size = layer == 0 ? inputSize : hidden;
      layers.add(
          LayerParameters.of(
              network.cell(),
              matrix(take(tensors, "rnn.weight_ih_l" + layer, rows, size)),
              matrix(take(tensors, "rnn.weight_hh_l" + layer, rows, hidden)),
              take(tensors, "rnn.bias_ih_l" + layer, rows).values(),
              take(tensors, "rnn.bias_hh_l" + layer, rows).values()));
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

  private static Baseline readBase(ModelSpecification specification, Map<String, Tensor> tensors) {
    BaselineSpec base = specification.output().baseline();
    if (!base.isLinear()) {
      return new Baseline(specification, null);
    }
    Tensor weight = take(tensors, BASE, specification.output().horizon(), base.featureCount());
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
    for (int i = 0; i < tensor.values().length; i++) {
      if (!Float.isFinite(tensor.values()[i])) {
        throw new InvalidModelException(
            "%s: number %d is %s, expected finite ones", name, i, tensor.values()[i]);
      }
    }
    return tensor;
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
