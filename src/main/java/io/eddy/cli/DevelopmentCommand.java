package io.eddy.cli;

/**
 * A picocli command for development, which an installation may leave out.
 *
 * <p>{@link Main} finds the commands with {@link java.util.ServiceLoader}; a provider has a public
 * constructor without parameters.
 */
public interface DevelopmentCommand {}
