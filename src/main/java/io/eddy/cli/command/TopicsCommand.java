package io.eddy.cli.command;

import picocli.CommandLine.Command;

/** {@code eddy topics}. */
@Command(
    name = "topics",
    description = "Creates the topics or checks their configuration.",
    subcommands = {TopicsCreateCommand.class, TopicsCheckCommand.class},
    mixinStandardHelpOptions = true)
public final class TopicsCommand {}
