package io.eddy.cli.command;

import picocli.CommandLine.Command;

/** {@code eddy topics}. */
@Command(
    name = "topics",
    description = "Creates, checks, alters and deletes the topics.",
    subcommands = {
      TopicsCreateCommand.class,
      TopicsCheckCommand.class,
      TopicsAlterCommand.class,
      TopicsDeleteCommand.class
    },
    mixinStandardHelpOptions = true)
public final class TopicsCommand {}
