package io.eddy.cli;

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
    versionProvider = Version.class,
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
  static final int FAILED = 1;
  static final int BAD_USAGE = 2;

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

  static CommandLine commandLine() {
    CommandLine commands = new CommandLine(new Main());
    tellVersion(commands);
    commands.setParameterExceptionHandler(Main::badUsage);
    commands.setExecutionExceptionHandler(
        (error, command, parsed) -> {
          report(error, command.getErr());
          return error instanceof UsageException ? BAD_USAGE : FAILED;
        });
    return commands;
  }

  /** Every command answers --version. */
  private static void tellVersion(CommandLine command) {
    command.getCommandSpec().versionProvider(new Version());
    command.getSubcommands().values().forEach(Main::tellVersion);
  }

  private static int badUsage(CommandLine.ParameterException error, String[] arguments) {
    CommandLine command = error.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("eddy: " + error.getMessage());
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(error, err)) {
      err.println("Try `%s --help`.".formatted(command.getCommandSpec().qualifiedName()));
    }
    return BAD_USAGE;
  }

  private static void report(Exception error, PrintWriter err) {
    String message = error.getMessage();
    err.println("eddy: " + (message == null ? error.toString() : message));
    if (System.getenv("EDDY_DEBUG") != null) {
      error.printStackTrace(err);
    }
  }
}
