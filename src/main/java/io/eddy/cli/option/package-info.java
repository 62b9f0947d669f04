/** Command-line options, and what they describe: files, scopes, activations, models, training. */
@NullMarked
package io.eddy.cli.option;

import org.jspecify.annotations.NullMarked;
