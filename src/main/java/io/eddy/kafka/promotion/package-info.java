/** Promotion of shadow versions and rollback of serving versions, decided by forecast scores. */
@NullMarked
package io.eddy.kafka.promotion;

import org.jspecify.annotations.NullMarked;
