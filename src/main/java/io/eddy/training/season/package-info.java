/**
 * Detection of the seasons of a data set from its values.
 *
 * <p>Vocabulary: a <em>candidate</em> is a season length in steps; a <em>cycle</em> is one
 * repetition of it; the <em>profile</em> is the mean deviation from the level at each step of a
 * cycle.
 *
 * <p>May use: {@code series}.
 */
@NullMarked
package io.eddy.training.season;

import org.jspecify.annotations.NullMarked;
