package io.eddy.cli.command;

import io.eddy.cli.option.ModelSource;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.OutputFile;
import io.eddy.kafka.config.UsageException;
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
      "Writes a model as an ONNX model of one step.",
      "It takes input [1, D] and the states h0, h1, … (c0, c1, … too for the LSTM), each [d, 1, H],"
          + " the oldest first, and for a decoder of steps the covariates [J, C] of the steps"
          + " ahead, the calendar's and then number and whether it is unknown of each that is known"
          + " ahead; it gives forecast [J, Q], scaled, and the new states h0_next, …"
    },
    mixinStandardHelpOptions = true)
public final class ExportCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--onnx",
      paramLabel = "MODEL",
      required = true,
      description = "The model file to write as ONNX.")
  private Path file = Path.of("");

  @Option(
      names = "--member",
      paramLabel = "K",
      description = "Which member of a model of several to write, from 0 on: one file holds one.")
  private @Nullable Integer member;

  @Option(names = "--out", paramLabel = "FILE", required = true, description = "The ONNX model.")
  private Path out = Path.of("");

  @Override
  public Integer call() {
    Model model = ModelSource.read(file);
    byte[] bytes = OnnxExporter.write(model, member(model.members().size()));
    OutputFile.write(out, bytes);
    Console.of(spec)
        .println("wrote %s, %d bytes: version %s", out, bytes.length, model.version().shortSha());
    return 0;
  }

  private int member(int members) {
    if (member == null && members > 1) {
      throw new UsageException(
          "%s has %d members whose forecasts are averaged: write each by --member 0 to --member %d"
              .formatted(file, members, members - 1));
    }
    int index = member == null ? 0 : member;
    if (index < 0 || index >= members) {
      throw new UsageException("--member: expected 0 to %d, got %d".formatted(members - 1, index));
    }
    return index;
  }
}
