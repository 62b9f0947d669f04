package io.eddy.model.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.model.InvalidModelException;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Import of weights without a specification, as PyTorch writes them. */
final class ForeignWeightsTest {
  private static byte[] weights(byte[] file, UnaryOperator<String> name) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Safetensors.parse(file)
        .tensors()
        .forEach((key, tensor) -> tensors.put(name.apply(key), tensor));
    return new Safetensors(Map.of("format", "pt"), tensors).toBytes();
  }

  @ParameterizedTest
  @EnumSource(CellKind.class)
  void importsToSameBytes(CellKind kind) {
    byte[] file = Models.file(Models.specification(kind, 6, 20), 3);

    byte[] imported =
        ModelFile.importWeights(
                weights(file, UnaryOperator.identity()), ModelFile.specificationOf(file), "x")
            .bytes();

    assertThat(imported).isEqualTo(file);
  }

  @Test
  void prefixIsOptional() {
    byte[] file = Models.file(Models.specification(CellKind.GRU, 6, 20), 3);

    byte[] imported =
        ModelFile.importWeights(
                weights(file, name -> name.replace("rnn.", "")),
                ModelFile.specificationOf(file),
                "x")
            .bytes();

    assertThat(imported).isEqualTo(file);
  }

  @Test
  void provenanceNamesSourceByDefault() {
    byte[] file = Models.file(Models.specification(CellKind.LSTM, 6, 20), 3);
    String specification =
        ModelFile.specificationOf(file).replaceAll(",\"provenance\":\\{.*}}", "}");

    byte[] imported =
        ModelFile.importWeights(
                weights(file, UnaryOperator.identity()), specification, "net.safetensors")
            .bytes();

    assertThat(ModelFile.read(imported).specification().provenance().data())
        .isEqualTo("imported from net.safetensors");
  }

  @Test
  void rejectsOtherShape() {
    byte[] file = Models.file(Models.specification(CellKind.LSTM, 6, 20), 3);
    String larger = ModelFile.specificationOf(file).replace("\"hiddenSize\":6", "\"hiddenSize\":7");

    assertThatThrownBy(
            () -> ModelFile.importWeights(weights(file, UnaryOperator.identity()), larger, "x"))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("rnn.weight_ih_l0: expected (28, ")
        .hasMessageContaining("got (24, ");
  }
}
