package io.eddy.cli;

import io.eddy.bench.BenchCommand;
import io.eddy.cli.command.BacktestCommand;
import io.eddy.cli.command.BrokerCommand;
import io.eddy.cli.command.CheckCommand;
import io.eddy.cli.command.DemoCommand;
import io.eddy.cli.command.ExportCommand;
import io.eddy.cli.command.FeedCommand;
import io.eddy.cli.command.ForecastCommand;
import io.eddy.cli.command.GenerateCommand;
import io.eddy.cli.command.ImportCommand;
import io.eddy.cli.command.InspectCommand;
import io.eddy.cli.command.ModelsCommand;
import io.eddy.cli.command.ServeCommand;
import io.eddy.cli.command.TopicsCommand;
import io.eddy.cli.command.TrainCommand;
import io.eddy.cli.command.VerifyCommand;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.kafka.config.UsageException;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The {@code eddy} command. */
@Command(
    name = "eddy",
    description = {
      "A recurrent time-series forecaster that lives in a Kafka stream.",
      "Each sensor's hidden state stays in a state store; every event advances it by one step and a"
          + " forecast leaves at once."
    },
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      BrokerCommand.class,
      TopicsCommand.class,
      GenerateCommand.class,
      FeedCommand.class,
      CheckCommand.class,
      TrainCommand.class,
      ForecastCommand.class,
      BacktestCommand.class,
      ModelsCommand.class,
      InspectCommand.class,
      ImportCommand.class,
      ExportCommand.class,
      ServeCommand.class,
      VerifyCommand.class,
      BenchCommand.class,
      HelpCommand.class
    },
    footer = {"", "EDDY_DEBUG=1 shows the stack trace behind an error."})
public final class Main {
  private Main() {}

  /** Runs a command and exits with its code: 0, 1 where it failed, 2 on bad usage. */
  public static void main(String[] arguments) {
    // Numbers are written alike on every machine: some end up in files.
    Locale.setDefault(Locale.ROOT);
    System.exit(run(arguments));
  }

  /** Runs a command; returns its exit code. */
  static int run(String... arguments) {
    return commandLine().execute(arguments);
  }

  public static CommandLine commandLine() {
    CommandLine commands = new CommandLine(new Main());
    tellVersion(commands);
    commands.setParameterExceptionHandler(Main::badUsage);
    commands.setExecutionExceptionHandler(
        (error, command, parsed) -> {
          report(error, command.getErr());
          return error instanceof UsageException ? ExitCode.BAD_USAGE : ExitCode.FAILED;
        });
    return commands;
  }

  /** Every command answers --version. */
  private static void tellVersion(CommandLine command) {
    command.getCommandSpec().versionProvider(new VersionProvider());
    command.getSubcommands().values().forEach(Main::tellVersion);
  }

  private static int badUsage(CommandLine.ParameterException error, String[] arguments) {
    CommandLine command = error.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("eddy: " + error.getMessage());
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(error, err)) {
      err.println("Try `%s --help`.".formatted(command.getCommandSpec().qualifiedName()));
    }
    return ExitCode.BAD_USAGE;
  }

  private static void report(Exception error, PrintWriter err) {
    String message = error.getMessage();
    err.println("eddy: " + (message == null ? error.toString() : message));
    if (System.getenv("EDDY_DEBUG") != null) {
      error.printStackTrace(err);
    }
  }
}
