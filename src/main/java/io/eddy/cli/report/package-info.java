/**
 * Reports of commands: each prints a result as text and returns it as JSON.
 *
 * <p>JSON is serialized by {@link io.eddy.cli.report.Json} from records.
 */
@NullMarked
package io.eddy.cli.report;

import org.jspecify.annotations.NullMarked;
