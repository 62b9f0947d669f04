package io.eddy.cli.command;

import picocli.CommandLine.Command;

/** {@code eddy models}. */
@Command(
    name = "models",
    description = "Publishes, previews, activates, rolls back and retires model versions.",
    subcommands = {
      ModelsPublishCommand.class,
      ModelsListCommand.class,
      ModelsShowCommand.class,
      ModelsPreviewCommand.class,
      ModelsActivateCommand.class,
      ModelsShadowCommand.class,
      ModelsPromoteCommand.class,
      ModelsEndCommand.class,
      ModelsRollbackCommand.class,
      ModelsStatusCommand.class,
      ModelsHistoryCommand.class,
      ModelsRetireCommand.class,
      ModelsKeygenCommand.class
    },
    mixinStandardHelpOptions = true)
public final class ModelsCommand {}
