package io.eddy.cli.command;

import io.eddy.cli.option.InputFile;
import io.eddy.cli.option.ModelSource;
import io.eddy.cli.option.Within;
import io.eddy.cli.report.Json;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.OutputFile;
import io.eddy.cli.terminal.UsageException;
import io.eddy.model.Model;
import io.eddy.model.io.OnnxExporter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy export}. */
@Command(
    name = "export",
    description = {
      "Exports one step of a model as an ONNX model.",
      "Inputs: input [1, D] and the states h0, h1, … of each layer (and c0, c1, … for LSTM),"
          + " [dilation, 1, H], oldest first. With --decoder steps also the covariates of the steps"
          + " ahead, [J, C]: calendar, then value and missing flag of each known-future covariate.",
      "Outputs: forecast [J, Q], scaled, and the new states h0_next, …."
    },
    mixinStandardHelpOptions = true)
public final class ExportCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @InputFile
  @Option(
      names = "--onnx",
      paramLabel = "MODEL",
      required = true,
      description = "Model file to export.")
  private Path file = Path.of("");

  @Within(max = 63)
  @Option(
      names = "--member",
      paramLabel = "K",
      description =
          "Index of the ensemble member to export, from 0. Required for a model with several"
              + " members.")
  private @Nullable Integer member;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "ONNX file to write.")
  private Path out = Path.of("");

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() {
    Model model = ModelSource.read(file);
    byte[] bytes = OnnxExporter.write(model, member(model.members().size()));
    OutputFile.write(out, bytes);
    if (isJson) {
      Result result = new Result(out.toString(), bytes.length, model.version().sha());
      Console.of(spec).println("%s", Json.write(result));
      return ExitCode.OK;
    }
    Console.of(spec)
        .println("wrote %s, %d bytes: version %s", out, bytes.length, model.version().shortSha());
    return ExitCode.OK;
  }

  private record Result(String file, int bytes, String version) {}

  private int member(int members) {
    if (member == null && members > 1) {
      throw new UsageException(
          "%s has %d members; export one of them with --member 0 to --member %d"
              .formatted(file, members, members - 1));
    }
    int index = member == null ? 0 : member;
    if (index < 0 || index >= members) {
      throw new UsageException("--member: expected 0 to %d, got %d".formatted(members - 1, index));
    }
    return index;
  }
}
