package io.eddy.demo;

import io.eddy.cli.DevelopmentCommand;
import io.eddy.cli.option.Within;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.StopSignal;
import io.eddy.cli.terminal.UsageException;
import io.eddy.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy broker}. */
@Command(
    name = "broker",
    description = "Runs a single-node Kafka broker for development until Ctrl-C.",
    mixinStandardHelpOptions = true)
public final class BrokerCommand implements Callable<Integer>, DevelopmentCommand {
  @Spec private @Nullable CommandSpec spec;

  @Within(min = 1, max = 65_535)
  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9092",
      description = "Port to listen on, on the loopback interface. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data folder. Default: a temporary folder, deleted on exit.")
  private @Nullable Path data;

  @Override
  public Integer call() {
    if (port < 1 || port > 65_535) {
      throw new UsageException("--port: expected 1 to 65535, got " + port);
    }
    try (StopSignal stop = new StopSignal();
        EmbeddedBroker broker = EmbeddedBroker.start(port, data)) {
      Console.of(spec)
          .println("broker listening on %s; press Ctrl-C to stop", broker.bootstrapServers());
      stop.await(Long.MAX_VALUE);
    }
    return ExitCode.OK;
  }
}
