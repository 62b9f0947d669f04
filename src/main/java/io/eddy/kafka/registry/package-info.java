/** Model versions and activations on their topics: publishing, activating, loading. */
@NullMarked
package io.eddy.kafka.registry;

import org.jspecify.annotations.NullMarked;
