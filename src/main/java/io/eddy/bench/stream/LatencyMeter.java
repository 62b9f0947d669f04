package io.eddy.bench.stream;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Measures the times from events to their committed results: a consumer of committed records
 * assigns the results of a partition to its events in their order.
 */
final class LatencyMeter implements AutoCloseable, EventLoad.SendListener {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final long TIMEOUT_S = 60;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<Queue<Sent>> sent;
  private final long[] timesNs;
  private final Thread thread = new Thread(this::read, "bench-latency");
  private volatile @org.jspecify.annotations.Nullable RuntimeException failure;
  private final AtomicInteger received = new AtomicInteger();
  private volatile boolean isClosed;

  /** An event that was due at a time. */
  private record Sent(ByteBuffer key, long dueNs) {}

  /**
   * Subscribes at the end of a topic.
   *
   * @param count number of events that will be sent
   */
  LatencyMeter(String bootstrapServers, String topic, int count) {
    consumer = TopicTail.consumer(bootstrapServers);
    List<TopicPartition> partitions = TopicTail.partitions(consumer, topic);
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    sent =
        IntStream.range(0, partitions.size())
            .<Queue<Sent>>mapToObj(partition -> new ConcurrentLinkedQueue<>())
            .toList();
    timesNs = new long[count];
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void sending(ProducerRecord<byte[], byte[]> event, long dueNs) {
    sent.get(event.partition()).add(new Sent(ByteBuffer.wrap(event.key()), dueNs));
  }

  private void read() {
    try {
      while (!isClosed && received.get() < timesNs.length) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          take(record, System.nanoTime());
        }
      }
    } catch (RuntimeException e) {
      failure = e;
    } finally {
      consumer.close();
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record, long nowNs) {
    Sent event = sent.get(record.partition()).poll();
    if (event == null || !event.key().equals(ByteBuffer.wrap(record.key()))) {
      throw new IllegalStateException(
          "expected one result per event in the order of the events; partition %d of topic %s"
                  .formatted(record.partition(), record.topic())
              + " has another one at offset "
              + record.offset());
    }
    timesNs[received.getAndIncrement()] = nowNs - event.dueNs();
  }

  /**
   * Waits for all results and returns the times in the order of the results.
   *
   * @throws IllegalStateException if a result is missing or out of order
   */
  long[] await() throws InterruptedException {
    thread.join(TimeUnit.SECONDS.toMillis(TIMEOUT_S));
    if (failure != null) {
      throw failure;
    }
    if (received.get() < timesNs.length) {
      throw new IllegalStateException(
          "%d of %d events have no committed result after %d s"
              .formatted(timesNs.length - received.get(), timesNs.length, TIMEOUT_S));
    }
    return timesNs;
  }

  @Override
  public void close() {
    isClosed = true;
  }
}
