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
import java.util.List;
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
      "The weights are safetensors with the tensor names of torch.nn.RNN, GRU or LSTM"
          + " (weight_ih_l0, …), head.weight [J·R, H] and head.bias, with R outputs per step. With"
          + " decoder steps: head.weight [R, M], decoder.hidden.weight [M, H] and bias,"
          + " decoder.embedding.weight [J, M], decoder.covariates.weight [M, C].",
      "Prefixes of modules are dropped, a single linear layer of another name is the head, absent"
          + " biases are 0, float16, bfloat16 and float64 are converted to float32. The command"
          + " prints each of these. It refuses a net with other layers."
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
    ModelFile.Imported imported = imported(json);
    ModelFile file = imported.file();
    OutputFile.write(out, file.bytes());
    if (isJson) {
      Result result =
          new Result(
              out.toString(), file.bytes().length, file.model().version().sha(), imported.notes());
      Console.of(spec).println("%s", Json.write(result));
      return ExitCode.OK;
    }
    imported.notes().forEach(note -> Console.of(spec).println("%s", note));
    Console.of(spec).println("wrote %s, version %s", out, file.model().version().shortSha());
    return ExitCode.OK;
  }

  private record Result(String file, int bytes, String version, List<String> notes) {}

  private ModelFile.Imported imported(String json) {
    byte[] bytes = ModelSource.bytes(weights);
    try {
      return ModelFile.importWeights(bytes, json, String.valueOf(weights.getFileName()));
    } catch (InvalidModelException e) {
      throw new InvalidModelException("%s: %s", weights, e.getMessage());
    }
  }
}
