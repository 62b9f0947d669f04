package io.eddy.model.io;

import io.eddy.fuzz.DecoderFuzzer;
import io.eddy.model.InvalidModelException;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Mutated model files, which anybody with write access to the models topic may publish. */
final class FuzzedModelFileTest {
  private final DecoderFuzzer fuzzer = new DecoderFuzzer(1000, InvalidModelException.class);

  @Test
  void modelFiles() {
    fuzzer.fuzz(
        ModelFile::read,
        List.of(
            Models.file(Models.specification(CellKind.GRU, 2, 24), 1),
            Models.file(Models.specification(CellKind.LSTM, 2, 24), 1),
            Models.file(Models.combined(Models.specification(CellKind.RNN_TANH, 2, 24)), 1),
            Models.ensembleFile(CellKind.GRU, 24, 1)));
  }

  /** Most mutations of a file hit the tensors; here all of them hit the header. */
  @Test
  void headers() {
    byte[] file = Models.file(Models.specification(CellKind.GRU, 2, 24), 1);
    int size = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt();
    byte[] header = Arrays.copyOfRange(file, 8, 8 + size);
    byte[] data = Arrays.copyOfRange(file, 8 + size, file.length);

    fuzzer.fuzz(
        mutated ->
            ModelFile.read(
                ByteBuffer.allocate(8 + mutated.length + data.length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(mutated.length)
                    .put(mutated)
                    .put(data)
                    .array()),
        List.of(header));
  }

  /** Weights of another program, which {@code models import} reads. */
  @Test
  void weights() {
    ModelSpecification specification = Models.specification(CellKind.GRU, 2, 24);
    String json = ModelFile.specificationJson(specification);
    fuzzer.fuzz(
        weights -> ModelFile.importWeights(weights, json, "weights"),
        List.of(Models.file(specification, 1)));
  }

  @Test
  void specifications() {
    fuzzer.fuzz(
        text ->
            ModelFile.importWeights(
                Models.file(Models.specification(CellKind.GRU, 2, 24), 1),
                new String(text, StandardCharsets.UTF_8),
                "weights"),
        List.of(
            ModelFile.specificationJson(Models.specification(CellKind.GRU, 2, 24))
                .getBytes(StandardCharsets.UTF_8)));
  }
}
