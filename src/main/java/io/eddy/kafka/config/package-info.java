/** Settings: names, types, defaults and validation. */
@NullMarked
package io.eddy.kafka.config;

import org.jspecify.annotations.NullMarked;
