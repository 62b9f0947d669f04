/**
 * Preview of a version: its forecasts for recent events, compared with those of the serving
 * version.
 */
@NullMarked
package io.eddy.kafka.preview;

import org.jspecify.annotations.NullMarked;
