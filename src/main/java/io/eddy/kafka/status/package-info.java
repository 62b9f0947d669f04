/** Status of running instances: the status topic and JMX. */
@NullMarked
package io.eddy.kafka.status;

import org.jspecify.annotations.NullMarked;
