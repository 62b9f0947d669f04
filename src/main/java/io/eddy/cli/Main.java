package io.eddy.cli;

import io.eddy.cli.command.AclsCommand;
import io.eddy.cli.command.AnomaliesCommand;
import io.eddy.cli.command.BacktestCommand;
import io.eddy.cli.command.CheckCommand;
import io.eddy.cli.command.CompletionCommand;
import io.eddy.cli.command.ExportCommand;
import io.eddy.cli.command.FeedCommand;
import io.eddy.cli.command.ForecastCommand;
import io.eddy.cli.command.GenerateCommand;
import io.eddy.cli.command.ImportCommand;
import io.eddy.cli.command.InspectCommand;
import io.eddy.cli.command.ModelsCommand;
import io.eddy.cli.command.PlotCommand;
import io.eddy.cli.command.RebuildCommand;
import io.eddy.cli.command.ResetCommand;
import io.eddy.cli.command.ServeCommand;
import io.eddy.cli.command.SimulateCommand;
import io.eddy.cli.command.TailCommand;
import io.eddy.cli.command.TopicsCommand;
import io.eddy.cli.command.TrainCommand;
import io.eddy.cli.command.VerifyCommand;
import io.eddy.cli.command.WatchCommand;
import io.eddy.cli.option.OptionCheck;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.Hints;
import io.eddy.cli.terminal.LogWriter;
import io.eddy.cli.terminal.UsageException;
import io.eddy.kafka.config.InvalidSettingsException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.TypeConversionException;

/** The {@code eddy} command. */
@Command(
    name = "eddy",
    description = {
      "A recurrent time-series forecaster on Kafka Streams.",
      "A state store holds each series' hidden state. Every event advances it by one step and emits"
          + " a forecast."
    },
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      TopicsCommand.class,
      GenerateCommand.class,
      FeedCommand.class,
      SimulateCommand.class,
      CheckCommand.class,
      TrainCommand.class,
      ForecastCommand.class,
      BacktestCommand.class,
      AnomaliesCommand.class,
      ModelsCommand.class,
      InspectCommand.class,
      ImportCommand.class,
      ExportCommand.class,
      ServeCommand.class,
      VerifyCommand.class,
      WatchCommand.class,
      TailCommand.class,
      PlotCommand.class,
      CompletionCommand.class,
      RebuildCommand.class,
      ResetCommand.class,
      AclsCommand.class
    },
    footer = {"", "Set EDDY_DEBUG=1 to print the stack trace of an error."})
public final class Main {
  private static final List<String> DEVELOPMENT_COMMANDS =
      List.of("demo", "broker", "bench", "campaign");

  private Main() {}

  /** Runs a command and exits the process with its {@linkplain ExitCode exit code}. */
  public static void main(String[] arguments) {
    // Numbers in output and files must not depend on the machine's locale.
    Locale.setDefault(Locale.ROOT);
    System.exit(run(arguments));
  }

  /** Runs a command and returns its exit code. */
  static int run(String... arguments) {
    CommandLine commands = commandLine();
    switch (Objects.requireNonNullElse(System.getenv(LogWriter.VARIABLE), "")) {
      case "", "plain" -> {}
      case "json" -> commands.setErr(LogWriter.create());
      default -> {
        commands.getErr().printf("eddy: %s: expected plain or json%n", LogWriter.VARIABLE);
        return ExitCode.BAD_USAGE;
      }
    }
    return commands.execute(arguments);
  }

  /** Returns the command line with all commands. */
  public static CommandLine commandLine() {
    CommandLine commands = new CommandLine(new Main());
    addDevelopmentCommands(commands);
    commands.addSubcommand(new HelpCommand());
    addVersion(commands);
    ValueConverters.register(commands);
    HelpSections.apply(commands);
    commands.setExecutionStrategy(Main::execute);
    commands.setParameterExceptionHandler(Main::reportBadUsage);
    commands.setExecutionExceptionHandler(
        (error, command, parsed) -> {
          report(error, command);
          return isBadUsage(error) ? ExitCode.BAD_USAGE : ExitCode.FAILED;
        });
    return commands;
  }

  private static void addDevelopmentCommands(CommandLine commands) {
    ServiceLoader.load(DevelopmentCommand.class).forEach(commands::addSubcommand);
    for (String name : DEVELOPMENT_COMMANDS) {
      if (!commands.getSubcommands().containsKey(name)) {
        commands.addSubcommand(name, MissingCommand.of(name));
      }
    }
  }

  /** Checks the options and runs the command. */
  private static int execute(ParseResult parsed) {
    Integer help = CommandLine.executeHelpRequest(parsed);
    if (help != null) {
      return help;
    }
    try {
      OptionCheck.verify(parsed);
    } catch (UsageException e) {
      throw new ExecutionException(last(parsed), String.valueOf(e.getMessage()), e);
    }
    return new RunLast().execute(parsed);
  }

  private static CommandLine last(ParseResult parsed) {
    return parsed.hasSubcommand() ? last(parsed.subcommand()) : parsed.commandSpec().commandLine();
  }

  private static boolean isBadUsage(Exception error) {
    return error instanceof UsageException || error instanceof InvalidSettingsException;
  }

  /** Makes a command and its subcommands answer {@code --version}. */
  private static void addVersion(CommandLine command) {
    command.getCommandSpec().versionProvider(new VersionProvider());
    command.getSubcommands().values().forEach(Main::addVersion);
  }

  private static int reportBadUsage(CommandLine.ParameterException error, String[] arguments) {
    CommandLine command = error.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("eddy: " + message(error));
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(error, err)) {
      String help = "Try `%s --help`.".formatted(command.getCommandSpec().qualifiedName());
      err.println(Hints.complete(help, command.getCommandSpec()));
    }
    return ExitCode.BAD_USAGE;
  }

  private static String message(CommandLine.ParameterException error) {
    return error.getCause() instanceof TypeConversionException cause
            && error.getArgSpec() instanceof OptionSpec option
        ? option.longestName() + ": " + cause.getMessage()
        : String.valueOf(error.getMessage());
  }

  private static void report(Exception error, CommandLine command) {
    PrintWriter err = command.getErr();
    String message = error.getMessage() == null ? error.toString() : error.getMessage();
    err.println("eddy: " + Hints.complete(message, command.getCommandSpec()));
    if (System.getenv("EDDY_DEBUG") != null) {
      error.printStackTrace(err);
    }
  }
}
