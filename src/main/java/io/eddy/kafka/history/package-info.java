/**
 * The history of an events topic as a data set for training.
 *
 * <p>Reads events as the forecaster does. Depends on {@code kafka.event}, {@code kafka.config} and
 * {@code dataset}; it does not depend on commands.
 */
@NullMarked
package io.eddy.kafka.history;

import org.jspecify.annotations.NullMarked;
