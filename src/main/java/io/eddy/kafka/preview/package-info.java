/**
 * Preview of a version: its forecasts for recent events, compared with those of the serving
 * version. Depends on {@code engine} and on {@code kafka.registry}, {@code kafka.event} and below.
 */
@NullMarked
package io.eddy.kafka.preview;

import org.jspecify.annotations.NullMarked;
