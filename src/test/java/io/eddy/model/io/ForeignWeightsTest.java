package io.eddy.model.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.eddy.model.InvalidModelException;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Import of weights without a specification, as PyTorch writes them. */
final class ForeignWeightsTest {
  private static final byte[] FILE = Models.file(Models.specification(CellKind.LSTM, 6, 20), 3);
  private static final String SPECIFICATION = ModelFile.specificationOf(FILE);

  private static Map<String, Tensor> tensors(byte[] file, UnaryOperator<String> name) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Safetensors.parse(file)
        .tensors()
        .forEach((key, tensor) -> tensors.put(name.apply(key), tensor));
    return tensors;
  }

  private static byte[] weights(byte[] file, UnaryOperator<String> name) {
    return bytes(tensors(file, name));
  }

  private static byte[] bytes(Map<String, Tensor> tensors) {
    return new Safetensors(Map.of("format", "pt"), tensors).toBytes();
  }

  private static ModelFile.Imported imported(byte[] weights) {
    return ModelFile.importWeights(weights, SPECIFICATION, "x");
  }

  @ParameterizedTest
  @EnumSource(CellKind.class)
  void importsToSameBytes(CellKind kind) {
    byte[] file = Models.file(Models.specification(kind, 6, 20), 3);

    ModelFile.Imported imported =
        ModelFile.importWeights(
            weights(file, UnaryOperator.identity()), ModelFile.specificationOf(file), "x");

    assertThat(imported.file().bytes()).isEqualTo(file);
    assertThat(imported.notes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "'', head., -",
        "lstm., head., lstm.* read as rnn.*",
        "gru., head., gru.* read as rnn.*",
        "module.rnn., module.head., -",
        "_orig_mod.rnn., _orig_mod.head., -",
        "rnn.module., head.module., -",
        "module._orig_mod.lstm., module._orig_mod.head., lstm.* read as rnn.*",
        "_orig_mod.module.lstm., _orig_mod.module.head., lstm.* read as rnn.*",
        "model.lstm., model.head., model.lstm.* read as rnn.*|prefix model. dropped",
        "net.core.lstm., net.head., net.core.lstm.* read as rnn.*|prefix net. dropped",
        "lstm., fc., lstm.* read as rnn.*|fc.* read as head.*",
        "rnn., linear., linear.* read as head.*",
        "rnn., out.0., prefix out. dropped|0.* read as head.*",
        "model.rnn., model.proj., model.rnn.* read as rnn.*|prefix model. dropped|proj.* read as"
            + " head.*",
      })
  void importsPrefixedNames(String recurrent, String head, String notes) {
    ModelFile.Imported imported =
        imported(
            weights(FILE, name -> name.replaceFirst("^rnn\\.", recurrent).replace("head.", head)));

    assertThat(imported.file().bytes()).isEqualTo(FILE);
    assertThat(String.join("|", imported.notes())).isEqualTo(notes == null ? "" : notes);
  }

  @Test
  void importsSingleCell() {
    ModelFile.Imported imported =
        imported(weights(FILE, name -> name.replace("rnn.", "cell.").replace("_l0", "")));

    assertThat(imported.file().bytes()).isEqualTo(FILE);
  }

  @Test
  void absentBiasesAreZero() {
    Map<String, Tensor> tensors = tensors(FILE, UnaryOperator.identity());
    tensors.keySet().removeIf(name -> name.contains("bias"));
    Map<String, Tensor> zeros = tensors(FILE, UnaryOperator.identity());
    zeros.replaceAll(
        (name, tensor) ->
            name.contains("bias")
                ? new Tensor(tensor.shape(), new float[tensor.values().length])
                : tensor);

    ModelFile.Imported imported = imported(bytes(tensors));

    assertThat(imported.file().bytes()).isEqualTo(imported(bytes(zeros)).file().bytes());
    assertThat(imported.notes())
        .containsExactly(
            "the recurrent layers have no biases: taken as 0 (bias=False)",
            "head has no bias: taken as 0 (bias=False)");
  }

  private static float[] inputWeights(byte[] file) {
    return Objects.requireNonNull(Safetensors.parse(file).tensors().get("rnn.weight_ih_l0"))
        .values();
  }

  @ParameterizedTest
  @CsvSource({
    "F16, 14 0.001, converted to float32 without loss",
    "BF16, 7 0.01, converted to float32 without loss",
    "F64, 0 1e-7, rounded to float32"
  })
  void convertsOtherTypes(DataType type, String precision, String note) {
    double tolerance = Double.parseDouble(precision.substring(precision.indexOf(' ') + 1));

    ModelFile.Imported imported =
        imported(SafetensorsBytes.of(tensors(FILE, UnaryOperator.identity()), type));

    assertThat(imported.notes()).containsExactly("6 tensors of type %s: %s".formatted(type, note));
    float[] expected = inputWeights(FILE);
    float[] actual = inputWeights(imported.file().bytes());
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i]).isCloseTo(expected[i], within(tolerance));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rnn.bias_hh_l0 | rnn.weight_hr_l0 | rnn.weight_hr_l0: an LSTM with projections is not"
            + " supported; train with proj_size=0",
        "rnn.bias_hh_l0 | lstm.weight_ih_l0_reverse | lstm.weight_ih_l0_reverse: a bidirectional"
            + " module reads the future, which a stream does not have; train with"
            + " bidirectional=False",
        "rnn.bias_hh_l0 | decoder.bias_hh_l0 | expected one recurrent module, found those under"
            + " decoder. and rnn.; save only one of them",
        "rnn.weight_ih_l0 | rnn.weight_ih_l1 | rnn.weight_ih_l0 is missing",
        "rnn.bias_hh_l0 | rnn.bias_hh_l1 | rnn.bias_hh_l0 is missing",
        "head.bias | norm.weight | found tensors that have no counterpart in a model: norm.weight"
            + " (12). A model has the recurrent layers and one linear head",
        "head.weight | rnn.module.weight_ih_l0 | rnn.weight_ih_l0: found twice, under different"
            + " prefixes",
      })
  void refusesOtherNets(String from, String to, String message) {
    assertThatThrownBy(() -> imported(weights(FILE, name -> name.equals(from) ? to : name)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesFurtherLayers() {
    Map<String, Tensor> tensors = tensors(FILE, name -> name.replace("head.", "fc1."));
    tensors.put("fc2.weight", new Tensor(new int[] {2, 3}, new float[6]));
    tensors.put("layer_norm.weight", new Tensor(new int[] {6}, new float[6]));

    assertThatThrownBy(() -> imported(bytes(tensors)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining(
            "no counterpart in a model: fc1.weight (12, 6), fc1.bias (12), fc2.weight (2, 3),"
                + " layer_norm.weight (6). A model");
  }

  @Test
  void refusesOtherCell() {
    String gru = SPECIFICATION.replace("\"cell\":\"lstm\"", "\"cell\":\"gru\"");

    assertThatThrownBy(
            () -> ModelFile.importWeights(weights(FILE, UnaryOperator.identity()), gru, "x"))
        .hasMessageStartingWith("weight_hh_l0 (24, 6) has 4 gates of 6 units")
        .hasMessageEndingWith("but the specification's network.cell is gru");
  }

  @Test
  void refusesOtherNumberOfLayers() {
    String two = SPECIFICATION.replace("\"dilations\":[1]", "\"dilations\":[1,1]");

    assertThatThrownBy(
            () -> ModelFile.importWeights(weights(FILE, UnaryOperator.identity()), two, "x"))
        .hasMessage("found 1 recurrent layers, but the specification's network.dilations has 2");
  }

  @Test
  void refusesFileWithoutRecurrentLayers() {
    Map<String, Tensor> tensors = Map.of("conv.weight", new Tensor(new int[] {1}, new float[1]));

    assertThatThrownBy(() -> imported(bytes(tensors)))
        .hasMessage(
            "expected the weights of torch.nn.RNN, GRU or LSTM, such as weight_ih_l0; found"
                + " conv.weight (1)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PK\u0003\u0004 zip", "\u0080\u0002pickle", "\u0089HDF\r\n"})
  void refusesOtherFormats(String begin) {
    assertThatThrownBy(() -> imported(begin.getBytes(StandardCharsets.ISO_8859_1)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("write one in Python with safetensors.torch.save_file");
  }

  @Test
  void provenanceNamesSourceByDefault() {
    String specification = SPECIFICATION.replaceAll(",\"provenance\":\\{.*}}", "}");

    byte[] imported =
        ModelFile.importWeights(
                weights(FILE, UnaryOperator.identity()), specification, "net.safetensors")
            .file()
            .bytes();

    assertThat(ModelFile.read(imported).specification().provenance().data())
        .isEqualTo("imported from net.safetensors");
  }

  @Test
  void rejectsOtherShape() {
    String larger = SPECIFICATION.replace("\"hiddenSize\":6", "\"hiddenSize\":7");

    assertThatThrownBy(
            () -> ModelFile.importWeights(weights(FILE, UnaryOperator.identity()), larger, "x"))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("rnn.weight_ih_l0: expected (28, ")
        .hasMessageContaining("got (24, ");
  }
}
