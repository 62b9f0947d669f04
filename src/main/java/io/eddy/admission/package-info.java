/**
 * Rules that decide whether an observation is accepted: value and time limits, plausible
 * timestamps, the number of active series per partition, and late observations.
 *
 * <p>The rules do not depend on a model. Depends on {@code series} and {@code series.store}.
 */
@NullMarked
package io.eddy.admission;

import org.jspecify.annotations.NullMarked;
