package io.eddy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Tests the commands for model files: inspect, export and import. */
final class ModelCommandsTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path gru = Path.of("");
  private Path lstm = Path.of("");

  @BeforeEach
  void writeModels() throws IOException {
    gru = model("gru", CellKind.GRU, 1);
    lstm = model("lstm", CellKind.LSTM, 2);
  }

  @Test
  void inspectComparesCells() throws IOException {
    assertThat(run("inspect", gru.toString(), "--json")).as(err.toString()).isZero();

    JsonNode cells = new ObjectMapper().readTree(out.toString()).get("cells");
    assertThat(cells.fieldNames()).toIterable().containsExactly("rnn_tanh", "gru", "lstm");
    assertThat(cells.get("rnn_tanh").get("gates").asInt()).isEqualTo(1);
    assertThat(cells.get("gru").get("gates").asInt()).isEqualTo(3);
    assertThat(cells.get("lstm").get("gates").asInt()).isEqualTo(4);
    assertThat(cells.get("lstm").get("stateBytes").asInt())
        .isEqualTo(2 * cells.get("gru").get("stateBytes").asInt());
    cells.forEach(cell -> assertThat(cell.get("nanosecondsPerStep").asDouble()).isPositive());
  }

  @Test
  void inspectWarnsAboutShortContext() throws IOException {
    Path csv = folder.resolve("sensors.csv");
    run("generate", "--series", "3", "--days", "20", "--out", csv.toString());
    byte[] net = Models.file(Models.specification(CellKind.LSTM, 8, 72), 1);
    Path slow = Files.write(folder.resolve("slow"), Models.withForgetBias(net, 8));
    Path fast = Files.write(folder.resolve("fast"), Models.withForgetBias(net, -8));
    out.getBuffer().setLength(0);

    assertThat(run("inspect", fast.toString(), "--context", csv.toString())).isZero();
    assertThat(err.toString()).startsWith("read sensors.csv: ").doesNotContain("WARNING");
    assertThat(out.toString())
        .startsWith(
            "context length 72: states rebuilt from 72 and from 144 steps, compared at 256 points"
                + " of 3 series\n")
        .containsPattern("\n  state of layer 0 +[0-9.e-]+ % +[0-9.e-]+ %\n  forecasts  ");
    out.getBuffer().setLength(0);
    assertThat(run("inspect", slow.toString(), "--context", csv.toString(), "--json")).isZero();
    assertThat(err.toString())
        .contains("WARNING: the context length of 72 steps is too short: ")
        .endsWith("; train with --context 144 or longer\n");
    JsonNode fit = new ObjectMapper().readTree(out.toString());
    assertThat(fit.get("short").asBoolean()).isTrue();
    JsonNode layer = fit.get("members").get(0).get("layers").get(0);
    assertThat(layer.get("median").asDouble())
        .isGreaterThan(fit.get("allowed").get("median").asDouble());
  }

  @Test
  void rejectsDataTooShortForContextCheck() throws IOException {
    Path csv = pulses();
    Path model =
        Files.write(
            folder.resolve("long"), Models.file(Models.specification(CellKind.GRU, 8, 97), 1));

    assertThat(run("inspect", model.toString(), "--context", csv.toString())).isEqualTo(1);
    assertThat(err.toString())
        .endsWith(
            "eddy: cannot check the context length: no series has 194 consecutive steps, twice the"
                + " context, with more than one value\n");
    assertThat(
            run(
                "inspect",
                model.toString(),
                "--context",
                csv.toString(),
                "--gradients",
                "--csv",
                csv.toString()))
        .isEqualTo(2);
  }

  @Test
  void inspectComparesGradientsOfModels() throws Exception {
    Path csv = pulses();
    Path plot = folder.resolve("curve.svg");

    int exitCode =
        run(
            "inspect",
            gru.toString(),
            lstm.toString(),
            "--gradients",
            "--csv",
            csv.toString(),
            "--steps",
            "20",
            "--json",
            "--plot",
            plot.toString());

    assertThat(exitCode).as(err.toString()).isZero();
    JsonNode curves = new ObjectMapper().readTree(out.toString());
    assertThat(curves).hasSize(2);
    for (JsonNode curve : curves) {
      assertThat(curve.get("median")).hasSize(21);
      assertThat(curve.get("median").get(0).asDouble()).isCloseTo(1, offset(1e-6));
      assertThat(curve.get("median").get(20).asDouble()).isBetween(0.0, 0.5);
    }
    var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(plot.toFile());
    assertThat(document.getElementsByTagName("path").getLength()).isGreaterThan(4);
    assertThat(Files.readString(plot)).contains("gru, version ", "lstm, version ");
  }

  @Test
  void rejectsSeveralModelsWithoutGradients() {
    assertThat(run("inspect", gru.toString(), lstm.toString())).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("eddy: expected one model, got 2; several models can be compared with");
  }

  @Test
  void rejectsSameModelTwice() throws IOException {
    int exitCode =
        run("inspect", gru.toString(), gru.toString(), "--gradients", "--csv", pulses().toString());

    assertThat(exitCode).isEqualTo(2);
    assertThat(err.toString()).contains(" is given twice");
  }

  @Test
  void exportWritesOnnxModel() {
    Path onnx = folder.resolve("gru.onnx");

    assertThat(run("export", "--onnx", gru.toString(), "--out", onnx.toString())).isZero();

    assertThat(onnx).isNotEmptyFile();
    assertThat(out.toString()).startsWith("wrote " + onnx).contains("version ");
  }

  @Test
  void importRestoresWeightsOfModelFile() throws IOException {
    byte[] before = Files.readAllBytes(gru);
    Path specification = Files.writeString(folder.resolve("gru.json"), metadata(before));
    Path again = folder.resolve("again");

    int exitCode =
        run(
            "import",
            gru.toString(),
            "--specification",
            specification.toString(),
            "--out",
            again.toString());

    assertThat(exitCode).as(err.toString()).isZero();
    assertThat(Files.readAllBytes(again)).isEqualTo(before);
  }

  @Test
  void importRejectsInvalidSafetensors() throws IOException {
    Path weights = Files.writeString(folder.resolve("weights.pt"), "PK not safetensors");
    Path specification = Files.writeString(folder.resolve("x.json"), "{}");
    Path model = folder.resolve("model");

    int exitCode =
        run(
            "import",
            weights.toString(),
            "--specification",
            specification.toString(),
            "--out",
            model.toString());

    assertThat(exitCode).isEqualTo(1);
    assertThat(err.toString()).startsWith("eddy: " + weights);
    assertThat(model).doesNotExist();
  }

  @Test
  void trainContinuesFromModel() throws IOException {
    Path csv = pulses();
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    String[] arguments = {"train", "--csv", csv.toString(), "--epochs", "2", "--json", "--out"};

    assertThat(run(with(arguments, first, "--hidden", "8", "--horizon", "4"))).isZero();
    double before = new ObjectMapper().readTree(out.toString()).get("validationLoss").asDouble();
    out.getBuffer().setLength(0);
    assertThat(run(with(arguments, second, "--from", first.toString())))
        .as(err.toString())
        .isZero();

    JsonNode after = new ObjectMapper().readTree(out.toString());
    assertThat(after.get("validationLoss").asDouble()).isLessThanOrEqualTo(before);
    assertThat(ModelFile.read(Files.readAllBytes(second)).specification().network())
        .isEqualTo(ModelFile.read(Files.readAllBytes(first)).specification().network());
  }

  @Test
  void trainsEnsembleOfPatchesAndCells() throws IOException {
    Path csv = pulses();
    Path model = folder.resolve("ensemble");
    Path again = folder.resolve("again");
    String[] arguments = {
      "train",
      "--csv",
      csv.toString(),
      "--epochs",
      "1",
      "--hidden",
      "4",
      "--horizon",
      "4",
      "--patch",
      "2,5",
      "--cell",
      "gru,lstm",
      "--out"
    };

    assertThat(run(with(arguments, model))).as(err.toString()).isZero();
    assertThat(run(with(arguments, again, "--threads", "1"))).as(err.toString()).isZero();

    assertThat(ModelFile.read(Files.readAllBytes(model)).members())
        .extracting(
            member -> member.specification().network().cell(),
            member -> member.specification().inputs().patch())
        .containsExactly(
            tuple(CellKind.GRU, 2),
            tuple(CellKind.GRU, 5),
            tuple(CellKind.LSTM, 2),
            tuple(CellKind.LSTM, 5));
    assertThat(Files.readAllBytes(again)).isEqualTo(Files.readAllBytes(model));
    assertThat(out.toString())
        .startsWith("chosen automatically:\n  season ")
        .contains("\n4 members, gru and lstm of 4 units, 1 layer(s), patch 2 and 5, horizon 4 × ");
  }

  @Test
  void trainContinuesFromEnsemble() throws IOException {
    Path csv = pulses();
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    String[] arguments = {"train", "--csv", csv.toString(), "--epochs", "1", "--json", "--out"};

    assertThat(run(with(arguments, first, "--hidden", "4", "--horizon", "4", "--ensemble", "2")))
        .as(err.toString())
        .isZero();
    assertThat(run(with(arguments, second, "--from", first.toString())))
        .as(err.toString())
        .isZero();

    assertThat(ModelFile.read(Files.readAllBytes(second)).members()).hasSize(2);
  }

  @Test
  void rejectsEnsembleTooSmallForPatches() {
    int exitCode =
        run("train", "--csv", pulses().toString(), "--patch", "2,5,9", "--ensemble", "2");

    assertThat(exitCode).isEqualTo(2);
    assertThat(err.toString())
        .startsWith(
            "eddy: ensemble: expected 3 to 64 members for 3 patch size(s) and 1 cell(s), got 2");
  }

  @Test
  void inspectDescribesEveryMember() throws IOException {
    Path several = ensemble();

    assertThat(run("inspect", several.toString())).as(err.toString()).isZero();
    String text = out.toString();
    out.getBuffer().setLength(0);
    assertThat(run("inspect", several.toString(), "--json")).as(err.toString()).isZero();

    assertThat(text)
        .containsPattern("members +3, the forecast is their average")
        .containsSubsequence("member 0", "gru, ", "member 1", "lstm, ", "dilation 7", "member 2")
        .doesNotContain("this model");
    assertThat(new ObjectMapper().readTree(out.toString()).get("members"))
        .extracting(member -> member.get("patch").asInt())
        .containsExactly(2, 4, 12);
  }

  @Test
  void inspectShowsGradientsOfMembers() throws IOException {
    int exitCode =
        run(
            "inspect",
            ensemble().toString(),
            "--gradients",
            "--csv",
            pulses().toString(),
            "--steps",
            "5",
            "--json");

    assertThat(exitCode).as(err.toString()).isZero();
    assertThat(new ObjectMapper().readTree(out.toString()))
        .extracting(curve -> curve.get("member").asInt())
        .containsExactly(0, 1, 2);
  }

  @Test
  void exportWritesRequestedMember() throws IOException {
    Path onnx = folder.resolve("one.onnx");
    String[] arguments = {"export", "--onnx", ensemble().toString(), "--out"};

    assertThat(run(with(arguments, onnx, "--member", "1"))).as(err.toString()).isZero();
    assertThat(onnx).isNotEmptyFile();
    assertThat(run(with(arguments, onnx))).isEqualTo(2);
    assertThat(run(with(arguments, onnx, "--member", "3"))).isEqualTo(2);

    assertThat(err.toString())
        .contains("3 members; export one of them with --member 0 to --member 2")
        .contains("--member: expected 0 to 2, got 3");
  }

  private Path ensemble() throws IOException {
    return Files.write(folder.resolve("several"), Models.ensembleFile(CellKind.GRU, 24, 1));
  }

  @Test
  void rejectsModelOptionsWithFrom() {
    int exitCode =
        run(
            "train",
            "--csv",
            gru.toString(),
            "--from",
            gru.toString(),
            "--hidden",
            "8",
            "--epochs",
            "1");

    assertThat(exitCode).isEqualTo(2);
    assertThat(err.toString()).startsWith("eddy: --hidden cannot be combined with --from");
  }

  private static String[] with(String[] arguments, Path file, String... more) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add(file.toString());
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private Path model(String name, CellKind kind, long seed) throws IOException {
    return Files.write(folder.resolve(name), Models.file(Models.specification(kind, 8, 24), seed));
  }

  /** Returns the specification from the header of a model file. */
  private static String metadata(byte[] file) throws IOException {
    int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    JsonNode header = new ObjectMapper().readTree(file, Long.BYTES, length);
    return header.get("__metadata__").get("eddy").asText();
  }

  private Path pulses() {
    Path csv = folder.resolve("pulses.csv");
    int exitCode =
        run(
            "generate",
            "--kind",
            "pulses",
            "--series",
            "3",
            "--days",
            "4",
            "--out",
            csv.toString());
    assertThat(exitCode).isZero();
    out.getBuffer().setLength(0);
    return csv;
  }

  private int run(String... arguments) {
    CommandLine commands = Main.commandLine();
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(err, true));
    return commands.execute(arguments);
  }
}
