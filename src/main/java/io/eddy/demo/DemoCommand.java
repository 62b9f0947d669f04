package io.eddy.demo;

import io.eddy.cli.DevelopmentCommand;
import io.eddy.cli.terminal.Console;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy demo}. */
@Command(
    name = "demo",
    description = {
      "Runs Eddy in one process: a Kafka broker, training, serving, and a switch to new weights"
          + " while events flow.",
      "By default it generates 300 sensors and runs until Ctrl-C. It leaves no files behind."
    },
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer>, DevelopmentCommand {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Observations to use: series,timestamp,value. Default: generated sensors.")
  private @Nullable Path csv;

  @Option(
      names = "--once",
      description =
          "Stop after one pass over the data. The exit code is 0 if no forecast was lost or"
              + " duplicated.")
  private boolean isOnce;

  @Override
  public Integer call() {
    return Demo.run(Console.of(spec), csv, isOnce);
  }
}
