package io.eddy.kafka.record;

/** Where an event stands in Kafka. */
public record SourcePosition(String topic, int partition, long offset) {
  @Override
  public String toString() {
    return topic + "-" + partition + "@" + offset;
  }
}
