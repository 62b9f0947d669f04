package io.eddy.cli.command;

import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.StopSignal;
import io.eddy.embedded.EmbeddedBroker;
import io.eddy.kafka.config.UsageException;
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
    description = "Runs a single-node Kafka broker on this machine, for development, until Ctrl-C.",
    mixinStandardHelpOptions = true)
public final class BrokerCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9092",
      description = "Port to listen at, on the loopback interface. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder that keeps the data. Default: a temporary one, removed at the end.")
  private @Nullable Path data;

  @Override
  public Integer call() {
    if (port < 1 || port > 65_535) {
      throw new UsageException("--port: expected 1 to 65535, got " + port);
    }
    try (StopSignal stop = new StopSignal();
        EmbeddedBroker broker = EmbeddedBroker.start(port, data)) {
      Console.of(spec).say("broker at %s, Ctrl-C ends it", broker.bootstrapServers());
      stop.await(Long.MAX_VALUE);
    }
    return 0;
  }
}
