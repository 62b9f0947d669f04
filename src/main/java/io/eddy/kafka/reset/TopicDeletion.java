package io.eddy.kafka.reset;

import io.eddy.kafka.topics.BrokerAdmin;
import io.eddy.kafka.topics.BrokerException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Deletes a topic and waits until the broker no longer lists it. */
final class TopicDeletion {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

  private TopicDeletion() {}

  /** Deletes a topic; does nothing if it does not exist. */
  static void delete(BrokerAdmin broker, String topic) {
    try {
      broker.await(broker.client().deleteTopics(List.of(topic)).all(), "Delete");
    } catch (BrokerException e) {
      if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
        throw e;
      }
    }
    long beganNs = System.nanoTime();
    while (!broker.topics(List.of(topic)).isEmpty()) {
      if (System.nanoTime() - beganNs > TIMEOUT.toNanos()) {
        throw new BrokerException(
            "topic %s is still listed %d s after its deletion; run the command again"
                .formatted(topic, TIMEOUT.toSeconds()),
            new TimeoutException());
      }
      LockSupport.parkNanos(POLL_INTERVAL.toNanos());
    }
  }
}
