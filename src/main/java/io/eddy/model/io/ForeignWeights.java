package io.eddy.model.io;

import io.eddy.model.InvalidModelException;
import io.eddy.model.ModelSpecification;
import io.eddy.nn.CellKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The tensors of a net that PyTorch saved, under the names of a {@link ModelFile}.
 *
 * <p>Prefixes of modules ({@code module.}, {@code _orig_mod.}, {@code model.}, {@code lstm.}) are
 * dropped, a linear layer of another name becomes the head if it is the only one, and biases that
 * were trained as absent are 0. Each of these is noted. Whatever has no counterpart in a model is
 * refused.
 */
final class ForeignWeights {
  private static final Pattern RECURRENT =
      Pattern.compile("(.*?)((weight|bias)_(ih|hh|hr)|nu_log|theta_log)(_l(\\d+))?(_reverse)?");

  private static final Pattern WRAPPER = Pattern.compile("(^|\\.)(module|_orig_mod)\\.");
  private static final List<String> OWN_PREFIXES = List.of("head.", "decoder.", "base.");
  private static final int MAX_NAMED = 6;

  private final ModelSpecification specification;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();

  private ForeignWeights(ModelSpecification specification) {
    this.specification = specification;
  }

  /**
   * Reads the tensors of a safetensors file.
   *
   * @throws InvalidModelException that says what was found and what to do
   */
  static ForeignWeights of(byte[] file, ModelSpecification specification) {
    requireSafetensors(file);
    Map<String, Tensor> found = Safetensors.parse(file, EnumSet.allOf(DataType.class)).tensors();
    ForeignWeights weights = new ForeignWeights(specification);
    Map<String, Tensor> others = weights.takeRecurrent(withoutWrappers(found));
    weights.requireCell();
    weights.takeOthers(weights.withoutCommonPrefix(others));
    weights.addBiases();
    weights.noteTypes(found);
    return weights;
  }

  /** Returns the tensors by their names in a model file. */
  Map<String, Tensor> tensors() {
    return tensors;
  }

  /** Returns what was assumed, one sentence each. */
  List<String> notes() {
    return notes;
  }

  private static void requireSafetensors(byte[] file) {
    String kind =
        startsWith(file, 'P', 'K', 3, 4)
            ? "a checkpoint of torch.save"
            : startsWith(file, 0x80) && file.length > 1 && file[1] <= 5
                ? "a Python pickle"
                : startsWith(file, 0x89, 'H', 'D', 'F') ? "an HDF5 file" : null;
    if (kind != null) {
      throw new InvalidModelException(
          "expected a safetensors file, got %s; write one in Python with"
              + " safetensors.torch.save_file(model.state_dict(), \"weights.safetensors\")",
          kind);
    }
  }

  private static boolean startsWith(byte[] file, int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (file.length <= i || file[i] != (byte) bytes[i]) {
        return false;
      }
    }
    return true;
  }

  /** Drops the prefixes that data-parallel and compiled modules add. */
  private static Map<String, Tensor> withoutWrappers(Map<String, Tensor> found) {
    Map<String, Tensor> renamed = new LinkedHashMap<>();
    found.forEach(
        (name, tensor) -> {
          String plain = name;
          for (Matcher m = WRAPPER.matcher(plain); m.find(); m = WRAPPER.matcher(plain)) {
            plain = m.replaceFirst("$1");
          }
          put(renamed, plain, tensor);
        });
    return renamed;
  }

  private static void put(Map<String, Tensor> tensors, String name, Tensor tensor) {
    if (tensors.put(name, tensor) != null) {
      throw new InvalidModelException("%s: found twice, under different prefixes", name);
    }
  }

  /** Moves the tensors of the recurrent layers, and returns the others. */
  private Map<String, Tensor> takeRecurrent(Map<String, Tensor> found) {
    Map<String, Tensor> others = new LinkedHashMap<>();
    TreeSet<String> prefixes = new TreeSet<>();
    found.forEach(
        (name, tensor) -> {
          Matcher matcher = RECURRENT.matcher(name);
          if (!matcher.matches()) {
            others.put(name, tensor);
            return;
          }
          requireSupported(name, matcher);
          prefixes.add(matcher.group(1));
          String layer = matcher.group(6) == null ? "0" : matcher.group(6);
          put(tensors, "rnn." + matcher.group(2) + "_l" + layer, tensor);
        });
    if (prefixes.isEmpty()) {
      throw new InvalidModelException(
          "expected the weights of torch.nn.RNN, GRU or LSTM, such as weight_ih_l0; found %s",
          names(found));
    }
    if (prefixes.size() > 1) {
      throw new InvalidModelException(
          "expected one recurrent module, found those under %s; save only one of them",
          String.join(" and ", prefixes));
    }
    noteRenamed(prefixes.first(), "rnn.");
    return others;
  }

  private static void requireSupported(String name, Matcher matcher) {
    if (matcher.group(7) != null) {
      throw new InvalidModelException(
          "%s: a bidirectional module reads the future, which a stream does not have; train with"
              + " bidirectional=False",
          name);
    }
    if ("hr".equals(matcher.group(4))) {
      throw new InvalidModelException(
          "%s: an LSTM with projections is not supported; train with proj_size=0", name);
    }
  }

  /** Requires the cell and the number of layers of the specification. */
  private void requireCell() {
    CellKind cell = specification.network().cell();
    Tensor recurrent = tensors.get("rnn.weight_hh_l0");
    if (recurrent != null && recurrent.shape().length == 2) {
      int[] shape = recurrent.shape();
      boolean hasGates = shape[1] > 0 && shape[0] % shape[1] == 0;
      if (hasGates && shape[0] / shape[1] != cell.recurrentGates() / cell.recurrentInputs()) {
        throw new InvalidModelException(
            "weight_hh_l0 %s has %d gates of %d units (an RNN has 1, a GRU 3, an LSTM 4; an LRU's"
                + " is square), but the specification's network.cell is %s",
            text(shape), shape[0] / shape[1], shape[1], cell.id());
      }
    }
    long layers = tensors.keySet().stream().filter(name -> name.contains("weight_ih_l")).count();
    if (layers != specification.network().layers()) {
      throw new InvalidModelException(
          "found %d recurrent layers, but the specification's network.dilations has %d",
          layers, specification.network().layers());
    }
  }

  /** Drops the prefix that all names have in common, such as {@code model.}. */
  private Map<String, Tensor> withoutCommonPrefix(Map<String, Tensor> others) {
    Map<String, Tensor> renamed = new LinkedHashMap<>(others);
    while (!renamed.isEmpty() && renamed.keySet().stream().noneMatch(ForeignWeights::isOwn)) {
      String first = renamed.keySet().iterator().next();
      int dot = first.indexOf('.');
      String prefix = first.substring(0, dot + 1);
      boolean isCommon =
          renamed.keySet().stream()
              .allMatch(name -> name.startsWith(prefix) && name.indexOf('.', prefix.length()) > 0);
      if (dot < 0 || !isCommon) {
        break;
      }
      noteRenamed(prefix, "");
      Map<String, Tensor> shorter = new LinkedHashMap<>();
      renamed.forEach((name, tensor) -> shorter.put(name.substring(prefix.length()), tensor));
      renamed = shorter;
    }
    return renamed;
  }

  private static boolean isOwn(String name) {
    return OWN_PREFIXES.stream().anyMatch(name::startsWith);
  }

  /** Moves head, decoder and baseline; the only linear layer of another name is the head. */
  private void takeOthers(Map<String, Tensor> others) {
    Map<String, Tensor> foreign = new LinkedHashMap<>();
    others.forEach((name, tensor) -> (isOwn(name) ? tensors : foreign).put(name, tensor));
    if (foreign.isEmpty()) {
      return;
    }
    TreeSet<String> layers = new TreeSet<>();
    foreign.keySet().forEach(name -> layers.add(name.substring(0, name.lastIndexOf('.') + 1)));
    String layer = layers.first();
    Tensor weight = foreign.get(layer + "weight");
    boolean isHead =
        layers.size() == 1
            && weight != null
            && weight.shape().length == 2
            && foreign.size() == (foreign.containsKey(layer + "bias") ? 2 : 1)
            && !tensors.containsKey("head.weight");
    if (!isHead) {
      throw new InvalidModelException(
          "found tensors that have no counterpart in a model: %s. A model has the recurrent layers"
              + " and one linear head; train without the other layers (LayerNorm, embeddings,"
              + " attention, further linear layers), or leave them out if the net does not use"
              + " them, and name the linear head head.weight and head.bias",
          names(foreign));
    }
    noteRenamed(layer, "head.");
    foreign.forEach(
        (name, tensor) -> tensors.put("head." + name.substring(layer.length()), tensor));
  }

  /** Adds zeros for biases if the module was trained with bias=False. */
  private void addBiases() {
    if (tensors.keySet().stream().noneMatch(name -> name.startsWith("rnn.bias_"))) {
      CellKind cell = specification.network().cell();
      int hidden = specification.network().hiddenSize();
      for (int layer = 0; layer < specification.network().layers(); layer++) {
        tensors.put("rnn.bias_ih_l" + layer, zeros(cell.gates() * hidden));
        tensors.put("rnn.bias_hh_l" + layer, zeros(cell.recurrentGates() * hidden));
      }
      notes.add("the recurrent layers have no biases: taken as 0 (bias=False)");
    }
    for (String linear : List.of("head", "decoder.hidden")) {
      Tensor weight = tensors.get(linear + ".weight");
      if (weight != null && weight.shape().length == 2) {
        if (tensors.putIfAbsent(linear + ".bias", zeros(weight.shape()[0])) == null) {
          notes.add(linear + " has no bias: taken as 0 (bias=False)");
        }
      }
    }
  }

  private static Tensor zeros(int size) {
    return new Tensor(new int[] {size}, new float[size]);
  }

  private void noteRenamed(String from, String to) {
    if (!from.isEmpty() && !from.equals(to)) {
      notes.add(
          to.isEmpty()
              ? "prefix %s dropped".formatted(from)
              : "%s* read as %s*".formatted(from, to));
    }
  }

  private void noteTypes(Map<String, Tensor> found) {
    Map<DataType, Long> counts =
        found.values().stream()
            .filter(tensor -> tensor.type() != DataType.F32)
            .collect(Collectors.groupingBy(Tensor::type, TreeMap::new, Collectors.counting()));
    counts.forEach(
        (type, count) ->
            notes.add(
                "%d tensors of type %s: %s"
                    .formatted(
                        count,
                        type,
                        type == DataType.F64
                            ? "rounded to float32"
                            : "converted to float32 without loss")));
  }

  private static String names(Map<String, Tensor> tensors) {
    String named =
        tensors.entrySet().stream()
            .limit(MAX_NAMED)
            .map(entry -> entry.getKey() + " " + text(entry.getValue().shape()))
            .collect(Collectors.joining(", "));
    return tensors.isEmpty()
        ? "none"
        : tensors.size() <= MAX_NAMED
            ? named
            : "%s and %d more".formatted(named, tensors.size() - MAX_NAMED);
  }

  private static String text(int[] shape) {
    return Arrays.toString(shape).replace('[', '(').replace(']', ')');
  }
}
