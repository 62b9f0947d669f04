/** The Kafka Streams topology: processors, state stores and global stores. */
@NullMarked
package io.eddy.kafka.stream;

import org.jspecify.annotations.NullMarked;
