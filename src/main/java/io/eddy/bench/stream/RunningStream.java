package io.eddy.bench.stream;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** One of the two streams: its processes and its progress. */
final class RunningStream {
  private static final long POLL_MS = 50;
  private static final Duration STALL_TIMEOUT = Duration.ofSeconds(90);

  private final Names names;
  private final List<JavaProcess> processes;
  private final JavaProcess broker;
  private final Admin admin;

  /**
   * Names of a stream.
   *
   * @param applicationId consumer group and prefix of the changelog topics
   * @param results topic that it writes to
   */
  record Names(String applicationId, String results) {}

  RunningStream(Names names, List<JavaProcess> processes, JavaProcess broker, Admin admin) {
    this.names = names;
    this.processes = List.copyOf(processes);
    this.broker = broker;
    this.admin = admin;
  }

  Names names() {
    return names;
  }

  void resume() {
    processes.forEach(JavaProcess::resume);
  }

  void suspend() {
    processes.forEach(JavaProcess::suspend);
  }

  /** Sends SIGTERM and waits for the end. */
  void stop() throws InterruptedException {
    for (JavaProcess process : processes) {
      process.stop();
    }
  }

  /** Waits until that many events are committed; returns the counts at that time. */
  StreamTurn.Mark await(long events) throws InterruptedException {
    StreamTurn.Mark mark = mark();
    long lastProgressNs = mark.timeNs();
    while (mark.events() < events) {
      Thread.sleep(POLL_MS);
      StreamTurn.Mark now = mark();
      if (now.events() > mark.events()) {
        lastProgressNs = now.timeNs();
      } else if (now.timeNs() - lastProgressNs > STALL_TIMEOUT.toNanos()) {
        throw processes
            .get(0)
            .failure(
                "has committed %d of %d events and none for %d s"
                    .formatted(now.events(), events, STALL_TIMEOUT.toSeconds()));
      }
      mark = now;
    }
    return mark;
  }

  private StreamTurn.Mark mark() throws InterruptedException {
    broker.requireAlive();
    processes.forEach(JavaProcess::requireAlive);
    long events = committed();
    long cpuNs = processes.stream().mapToLong(JavaProcess::cpuNs).sum();
    return new StreamTurn.Mark(System.nanoTime(), events, cpuNs, broker.cpuNs());
  }

  /** Returns the sum of the committed offsets of the events topic, which has no gaps. */
  private long committed() throws InterruptedException {
    try {
      Map<TopicPartition, OffsetAndMetadata> offsets =
          admin
              .listConsumerGroupOffsets(names.applicationId())
              .partitionsToOffsetAndMetadata()
              .get();
      return offsets.values().stream()
          .filter(Objects::nonNull)
          .mapToLong(OffsetAndMetadata::offset)
          .sum();
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "the committed offsets of %s cannot be read: %s"
              .formatted(names.applicationId(), e.getCause()),
          e);
    }
  }
}
