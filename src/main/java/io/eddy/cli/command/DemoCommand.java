package io.eddy.cli.command;

import io.eddy.cli.terminal.Console;
import io.eddy.demo.Demo;
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
      "Shows everything at work in one process: a real Kafka broker, training, serving, and new"
          + " weights under the running stream.",
      "Without options it makes 300 sensors and goes on until Ctrl-C. Nothing is left behind."
    },
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Your own data: series,timestamp,value. Default: generated sensors.")
  private @Nullable Path csv;

  @Option(
      names = "--once",
      description =
          "End after one pass over the data; exit code 0 only where nothing was lost or duplicated.")
  private boolean isOnce;

  @Override
  public Integer call() {
    return new Demo(Console.of(spec), csv, isOnce).run();
  }
}
