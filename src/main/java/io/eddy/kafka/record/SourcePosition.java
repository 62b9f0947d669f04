package io.eddy.kafka.record;

/** Position of a record: topic, partition and offset. */
public record SourcePosition(String topic, int partition, long offset) {
  @Override
  public String toString() {
    return topic + "-" + partition + "@" + offset;
  }
}
