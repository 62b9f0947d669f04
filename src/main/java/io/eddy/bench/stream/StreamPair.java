package io.eddy.bench.stream;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Eddy and the bare topology, of which one runs at a time.
 *
 * <p>In a round, the events of the round are published while both streams are suspended. Then each
 * stream runs alone and processes them; which one is first alternates. Its turn is measured from
 * the first commit beyond a tenth of the events to the first commit beyond 97 % of them, so that
 * neither the time until the first fetch nor the wait for the last commit counts. Then events
 * follow at a fixed rate for the latencies, of which the first fifth does not count.
 */
final class StreamPair {
  private static final double BEGIN = 0.1;
  private static final double END = 0.97;
  private static final int SKIPPED_PART = 5;

  private final BenchSession session;
  private final EventLoad load;
  private final StreamResult.RecordBytes bytes;
  private final RunningStream eddy;
  private final RunningStream bare;
  private int rounds;

  /** Starts the streams one after the other and lets them process the first events. */
  StreamPair(BenchSession session, SeriesEvents events) throws IOException, InterruptedException {
    this.session = session;
    load = session.load();
    BenchCluster cluster = session.cluster();
    load.load(events, session.plan().load().warmUp());
    session.report("warming up Eddy with %,d events", load.sent());
    eddy = cluster.startEddy();
    RecordSample sample;
    try (TopicTail topics = new TopicTail(cluster.bootstrapServers())) {
      long half = eddy.await(load.sent() / 2).events();
      RecordSample.Writes before = RecordSample.Writes.count(topics, eddy.names());
      double bytesBefore = cluster.brokerBytes(eddy.names());
      var unusedEddy = eddy.await(load.sent());
      sample = RecordSample.take(topics, eddy.names(), before);
      double written = cluster.brokerBytes(eddy.names()) - bytesBefore;
      bytes = sample.bytes(written / Math.max(1, load.sent() - half));
    }
    eddy.suspend();
    session.report("warming up the bare topology");
    bare = cluster.startBare(sample);
    var unusedBare = bare.await(load.sent());
    bare.suspend();
  }

  /** Lets both streams process events without a measurement. */
  void skip(SeriesEvents events, long count) throws InterruptedException {
    load.load(events, count);
    for (RunningStream stream : List.of(eddy, bare)) {
      stream.resume();
      var unused = stream.await(load.sent());
      stream.suspend();
    }
  }

  /** Measures rounds of that many events. */
  StreamResult measure(SeriesEvents events, long count) throws InterruptedException {
    List<StreamRound> measured = new ArrayList<>();
    for (int i = 1; i <= session.plan().rounds(); i++) {
      measured.add(round(events, count));
      session.report("round %d of %d", i, session.plan().rounds());
    }
    return new StreamResult(bytes, measured);
  }

  private StreamRound round(SeriesEvents events, long count) throws InterruptedException {
    long begin = load.sent();
    load.load(events, count);
    if (rounds++ % 2 == 0) {
      StreamTurn first = turn(eddy, events, begin, count);
      return new StreamRound(first, turn(bare, events, begin, count));
    }
    StreamTurn first = turn(bare, events, begin, count);
    return new StreamRound(turn(eddy, events, begin, count), first);
  }

  private StreamTurn turn(RunningStream stream, SeriesEvents events, long begin, long count)
      throws InterruptedException {
    stream.resume();
    StreamTurn.Mark start = stream.await(0);
    StreamTurn.Mark first = stream.await(begin + (long) (BEGIN * count));
    StreamTurn.Mark last = stream.await(begin + (long) (END * count));
    var unusedRest = stream.await(load.sent());
    // One commit may cover a short turn.
    StreamTurn turn = last.since(last.events() > first.events() ? first : start);
    if (session.plan().latency().count() > 0) {
      turn = turn.withLatencies(latencies(stream, events));
    }
    stream.suspend();
    return turn;
  }

  private Latencies latencies(RunningStream stream, SeriesEvents events)
      throws InterruptedException {
    StreamPlan.Latency plan = session.plan().latency();
    int count = plan.count();
    try (LatencyMeter meter =
        new LatencyMeter(session.cluster().bootstrapServers(), stream.names().results(), count)) {
      load.pace(events, plan.rate(), count, meter);
      Latencies latencies = Latencies.of(meter.await(), count / SKIPPED_PART);
      var unusedRest = stream.await(load.sent());
      return latencies;
    }
  }
}
