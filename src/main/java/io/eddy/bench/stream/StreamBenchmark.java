package io.eddy.bench.stream;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs Eddy and the bare topology in turns over the same events.
 *
 * <p>In a round, the events of the round are published while both streams are suspended. Then each
 * stream runs alone and processes them, the first one alternating. Its turn is measured from the
 * first commit beyond a tenth of the events to the first commit beyond 97 % of them, so that
 * neither the time until the first fetch nor the wait for the last commit counts. Then events
 * follow at a fixed rate for the latencies, of which the first fifth does not count.
 */
public final class StreamBenchmark implements AutoCloseable {
  private static final double BEGIN = 0.1;
  private static final double END = 0.97;
  private static final int SKIPPED_PART = 5;

  private final Workplace workplace = new Workplace();
  private final StreamPlan plan;
  private final Consumer<String> progress;
  private final BenchCluster cluster;
  private final EventLoad load;
  private @Nullable Started started;

  /** The streams after their start. */
  private record Started(RunningStream eddy, RunningStream bare, RecordSample sample) {}

  /**
   * Starts a broker.
   *
   * @param model file of the model that Eddy serves
   * @param progress receives a line for each step
   */
  public StreamBenchmark(StreamPlan plan, byte[] model, Consumer<String> progress)
      throws InterruptedException {
    this.plan = plan;
    this.progress = progress;
    boolean isUp = false;
    try {
      cluster = new BenchCluster(workplace, plan, model);
      load = new EventLoad(cluster.bootstrapServers(), cluster.events());
      isUp = true;
    } finally {
      if (!isUp) {
        workplace.close();
      }
    }
  }

  /** Measures all rounds. */
  public StreamResult run() throws IOException, InterruptedException {
    SeriesEvents events = new SeriesEvents("sensor-", plan.load().keys(), plan.load().topic());
    RecordSample sample = start(events);
    List<StreamRound> rounds = new ArrayList<>();
    for (int round = 0; round < plan.rounds(); round++) {
      rounds.add(round(events, plan.load().events(), round % 2 == 0));
      progress.accept("round %d of %d".formatted(round + 1, plan.rounds()));
    }
    return new StreamResult(sample.bytes(), rounds);
  }

  /** Starts the streams one after the other and lets them process the first events. */
  private RecordSample start(SeriesEvents events) throws IOException, InterruptedException {
    load.load(events, plan.load().warmUp());
    progress.accept("warming up Eddy with %,d events".formatted(load.sent()));
    RunningStream eddy = cluster.startEddy();
    var unusedEddy = eddy.await(load.sent());
    RecordSample sample;
    try (TopicTail topics = new TopicTail(cluster.bootstrapServers())) {
      sample = RecordSample.take(topics, eddy.names().applicationId(), eddy.names().results());
    }
    eddy.suspend();
    progress.accept("warming up the bare topology");
    RunningStream bare = cluster.startBare(sample);
    var unusedBare = bare.await(load.sent());
    bare.suspend();
    started = new Started(eddy, bare, sample);
    return sample;
  }

  private Started started() {
    if (started == null) {
      throw new IllegalStateException("not started");
    }
    return started;
  }

  /** Publishes events and measures a turn of each stream. */
  private StreamRound round(SeriesEvents events, long count, boolean isEddyFirst)
      throws InterruptedException {
    Started streams = started();
    long begin = load.sent();
    load.load(events, count);
    if (isEddyFirst) {
      StreamTurn eddy = turn(streams.eddy(), events, begin, count);
      return new StreamRound(eddy, turn(streams.bare(), events, begin, count));
    }
    StreamTurn bare = turn(streams.bare(), events, begin, count);
    return new StreamRound(turn(streams.eddy(), events, begin, count), bare);
  }

  private StreamTurn turn(RunningStream stream, SeriesEvents events, long begin, long count)
      throws InterruptedException {
    stream.resume();
    StreamTurn.Mark first = stream.await(begin + (long) (BEGIN * count));
    StreamTurn.Mark last = stream.await(begin + (long) (END * count));
    var unusedRest = stream.await(load.sent());
    StreamTurn turn = last.since(first);
    int timed = plan.latency().count();
    if (timed > 0) {
      turn = turn.withLatencies(latencies(stream, events, timed));
    }
    stream.suspend();
    return turn;
  }

  private Latencies latencies(RunningStream stream, SeriesEvents events, int count)
      throws InterruptedException {
    try (LatencyMeter meter =
        new LatencyMeter(cluster.bootstrapServers(), stream.names().results(), count)) {
      load.pace(events, plan.latency().rate(), count, meter);
      Latencies latencies = Latencies.of(meter.await(), count / SKIPPED_PART);
      var unusedRest = stream.await(load.sent());
      return latencies;
    }
  }

  @Override
  public void close() {
    load.close();
    cluster.close();
    workplace.close();
  }
}
