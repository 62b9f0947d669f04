/** Output of commands: tables, JSON and progress. */
@NullMarked
package io.eddy.cli.report;

import org.jspecify.annotations.NullMarked;
