package io.eddy.bench.stream;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Measures how long a process of Eddy takes until it forecasts again: with its state in place, and
 * with an empty state directory, which is restored from the changelog topics first.
 */
public final class RestoreBenchmark implements AutoCloseable {
  private final BenchSession session;

  /**
   * The result.
   *
   * @param keys number of series
   * @param warmSeconds from the start of the process to the first commit, with the state in place
   * @param restoreSeconds the same with an empty state directory
   * @param changelogBytes size of the changelog topics on the broker's disk
   * @param stateBytes size of the state directory afterwards
   */
  public record Result(
      int keys, double warmSeconds, double restoreSeconds, long changelogBytes, long stateBytes) {
    /** Returns the series restored per second, without the time of a start. */
    public double keysPerSecond() {
      return keys / (restoreSeconds - warmSeconds);
    }
  }

  /**
   * Starts a broker.
   *
   * @param model file of the model that Eddy serves
   * @param progress receives a line for each step
   */
  public RestoreBenchmark(StreamPlan plan, byte[] model, Consumer<String> progress)
      throws InterruptedException {
    session = new BenchSession(plan, model, progress);
  }

  /** Measures both starts. */
  public Result run() throws InterruptedException {
    StreamPlan plan = session.plan();
    BenchCluster cluster = session.cluster();
    SeriesEvents events = session.events("sensor-", plan.load().keys());
    session.load().load(events, Math.max(plan.load().warmUp(), plan.load().keys()));
    session.report("storing the state of %,d series", plan.load().keys());
    RunningStream first = cluster.startEddy();
    var unusedFirst = first.await(session.load().sent());
    first.stop();
    session.report("starting with the state");
    double warm = timedStart(events);
    session.report("starting with an empty state directory");
    for (int i = 1; i <= plan.streams().instances(); i++) {
      Workplace.delete(cluster.stateFolder(BenchCluster.EDDY, i));
    }
    double restore = timedStart(events);
    long state = 0;
    for (int i = 1; i <= plan.streams().instances(); i++) {
      state += Workplace.size(cluster.stateFolder(BenchCluster.EDDY, i));
    }
    return new Result(
        plan.load().keys(), warm, restore, cluster.changelogBytes(BenchCluster.EDDY), state);
  }

  /**
   * Publishes events, starts Eddy, and returns the seconds until they are committed. Their number
   * is such that every partition has some, and their processing takes little time.
   */
  private double timedStart(SeriesEvents events) throws InterruptedException {
    session.load().load(events, 20L * session.plan().load().topic().partitions());
    long beginNs = System.nanoTime();
    RunningStream stream = session.cluster().startEddy();
    var unused = stream.await(session.load().sent());
    double seconds = (System.nanoTime() - beginNs) / (double) TimeUnit.SECONDS.toNanos(1);
    stream.stop();
    return seconds;
  }

  @Override
  public void close() {
    session.close();
  }
}
