package io.eddy.cli.command;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.option.CsvFormatOptions;
import io.eddy.cli.option.InputFile;
import io.eddy.cli.option.ModelSource;
import io.eddy.cli.report.ContextReport;
import io.eddy.cli.report.Json;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.evaluation.ContextLengthCheck;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.registry.ModelLoader;
import io.eddy.model.InvalidModelException;
import io.eddy.model.Model;
import io.eddy.rollout.Manifest;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eddy models publish}. */
@Command(
    name = "publish",
    description = {
      "Publishes a model file as a version.",
      "A new version serves no series until it is activated."
    },
    mixinStandardHelpOptions = true)
final class ModelsPublishCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @InputFile
  @Parameters(paramLabel = "FILE", description = "The model file.")
  private Path file = Path.of("");

  @InputFile
  @Option(
      names = "--sign",
      paramLabel = "KEY",
      description = "Private key file, as models keygen writes it, to sign the version with.")
  private @Nullable Path key;

  @Option(
      names = "--context",
      paramLabel = "DATA",
      description =
          "Check whether the context length is sufficient for DATA, print the result and publish"
              + " it with the version. DATA is "
              + ContextReport.DATA
              + ".")
  private @Nullable String context;

  @Mixin private CsvFormatOptions csvFormat = new CsvFormatOptions();

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() {
    EddyConfig settings = connection.settings();
    Console console = Console.of(spec);
    Model model = ModelSource.read(file);
    ContextLengthCheck check =
        context == null
            ? null
            : ContextReport.of(model, context, () -> settings, csvFormat, console);
    Manifest manifest =
        RegistryFactory.registry(settings)
            .publisher()
            .publish(
                settings.stream().model(),
                ModelSource.bytes(file),
                key == null ? null : ModelsKeygenCommand.read(key),
                check == null ? null : ContextReport.json(check));
    if (isJson) {
      console.println("%s", Json.write(Result.of(manifest)));
    } else {
      print(console, manifest, check);
    }
    warnIfRejected(settings, console, ModelSource.bytes(file));
    if (check != null) {
      ContextReport.warn(console, check);
    }
    return ExitCode.OK;
  }

  private static void print(
      Console console, Manifest manifest, @Nullable ContextLengthCheck check) {
    console.println(
        "published version %s of model %s: %d bytes in %d part(s)%s",
        manifest.version().shortSha(),
        manifest.model(),
        manifest.size(),
        manifest.parts(),
        manifest.signature() == null ? "" : ", signed");
    if (check != null) {
      ContextReport.print(console, check);
    }
  }

  /** The published version as JSON; {@code contextFit} is the result of {@code --context}. */
  private record Result(
      String version,
      String model,
      long bytes,
      int parts,
      boolean signed,
      @JsonInclude(Include.NON_NULL) @JsonRawValue @Nullable String contextFit) {
    static Result of(Manifest manifest) {
      return new Result(
          manifest.version().sha(),
          manifest.model(),
          manifest.size(),
          manifest.parts(),
          manifest.signature() != null,
          manifest.contextFit());
    }
  }

  /** Warns if forecasters with these settings would reject the file, signed or not. */
  private static void warnIfRejected(EddyConfig settings, Console console, byte[] bytes) {
    try {
      var unused = ModelLoader.of(settings.stream()).load(bytes);
    } catch (InvalidModelException e) {
      console.printErr(
          "warning: forecasters with these settings would reject the version: %s", e.getMessage());
    }
  }
}
