package io.eddy.kafka.verify;

import java.util.Collections;
import java.util.Iterator;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The records of a partition of the anomalies topic.
 *
 * @param isTruncated whether retention deleted records
 */
public record AnomalyRecords(
    Iterator<ConsumerRecord<byte[], byte[]>> records, boolean isTruncated) {
  /** Returns no records. */
  static AnomalyRecords none() {
    return new AnomalyRecords(Collections.emptyIterator(), false);
  }
}
