/** Topics: names, settings, creation, checks, and reading them to their end. */
@NullMarked
package io.eddy.kafka.topics;

import org.jspecify.annotations.NullMarked;
