package io.eddy.cli.command;

import io.eddy.cli.option.InputFile;
import io.eddy.cli.option.ModelSource;
import io.eddy.cli.report.Json;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.OutputFile;
import io.eddy.model.InvalidModelException;
import io.eddy.model.io.ModelFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eddy import}. */
@Command(
    name = "import",
    description = {
      "Creates a model file from weights trained in PyTorch and a specification.",
      "The weights are float32 safetensors with the tensor names of torch.nn.RNN, GRU or LSTM"
          + " (rnn.weight_ih_l0 or weight_ih_l0, …), head.weight [J·R, H] and head.bias, with R"
          + " outputs per step. With decoder steps: head.weight [R, M], decoder.hidden.weight [M,"
          + " H] and bias, decoder.embedding.weight [J, M], decoder.covariates.weight [M, C]."
    },
    mixinStandardHelpOptions = true)
public final class ImportCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @InputFile
  @Parameters(paramLabel = "WEIGHTS", description = "Safetensors file with the weights.")
  private Path weights = Path.of("");

  @InputFile
  @Option(
      names = "--specification",
      paramLabel = "FILE",
      required = true,
      description =
          "Specification as JSON, as in the metadata of a model file. The provenance is optional.")
  private Path specification = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "Model file to write.")
  private Path out = Path.of("");

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() {
    String json = new String(ModelSource.bytes(specification), StandardCharsets.UTF_8);
    ModelFile file = imported(json);
    OutputFile.write(out, file.bytes());
    if (isJson) {
      Result result = new Result(out.toString(), file.bytes().length, file.model().version().sha());
      Console.of(spec).println("%s", Json.write(result));
      return ExitCode.OK;
    }
    Console.of(spec).println("wrote %s, version %s", out, file.model().version().shortSha());
    return ExitCode.OK;
  }

  private record Result(String file, int bytes, String version) {}

  private ModelFile imported(String json) {
    byte[] bytes = ModelSource.bytes(weights);
    try {
      return ModelFile.importWeights(bytes, json, String.valueOf(weights.getFileName()));
    } catch (InvalidModelException e) {
      throw new InvalidModelException("%s: %s", weights, e.getMessage());
    }
  }
}
