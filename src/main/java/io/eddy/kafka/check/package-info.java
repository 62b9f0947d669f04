/** Inspection of a sample of events, for {@code eddy check}. */
@NullMarked
package io.eddy.kafka.check;

import org.jspecify.annotations.NullMarked;
