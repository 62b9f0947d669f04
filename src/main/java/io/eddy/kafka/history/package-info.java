/** The history of an events topic as a data set for training. */
@NullMarked
package io.eddy.kafka.history;

import org.jspecify.annotations.NullMarked;
