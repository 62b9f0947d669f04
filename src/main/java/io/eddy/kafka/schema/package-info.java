/**
 * Avro schemas: the client of a schema registry, and Avro's single-object encoding.
 *
 * <p>A <em>writer schema</em> is the schema that a record was written with. The registry is reached
 * over Confluent's REST interface. Depends on {@code series} only for {@code
 * InvalidRecordException}.
 */
@NullMarked
package io.eddy.kafka.schema;

import org.jspecify.annotations.NullMarked;
