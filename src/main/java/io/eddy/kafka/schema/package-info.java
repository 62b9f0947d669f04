/** Avro schemas of records: the client of a schema registry, and Avro's single-object encoding. */
@NullMarked
package io.eddy.kafka.schema;

import org.jspecify.annotations.NullMarked;
