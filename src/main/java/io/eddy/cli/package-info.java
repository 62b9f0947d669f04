/**
 * The command line: the entry point and its error handling.
 *
 * <p>Development commands (demo, broker, bench) are found with {@link java.util.ServiceLoader}.
 */
@NullMarked
package io.eddy.cli;

import org.jspecify.annotations.NullMarked;
