package io.eddy.bench.stream;

import java.util.function.Consumer;

/**
 * The environment of a measurement: processes, a broker with an active model, and a publisher of
 * events.
 */
final class BenchSession implements AutoCloseable {
  private final Workplace workplace = new Workplace();
  private final StreamPlan plan;
  private final Consumer<String> progress;
  private final BenchCluster cluster;
  private final EventLoad load;

  /**
   * Starts a broker.
   *
   * @param model file of the model that Eddy serves
   * @param progress receives a line for each step
   */
  BenchSession(StreamPlan plan, byte[] model, Consumer<String> progress)
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

  StreamPlan plan() {
    return plan;
  }

  BenchCluster cluster() {
    return cluster;
  }

  EventLoad load() {
    return load;
  }

  /** Returns the events of that many series, from the first one. */
  SeriesEvents events(String prefix, int keys) {
    return new SeriesEvents(prefix, keys, plan.load().topic());
  }

  void report(String format, Object... arguments) {
    progress.accept(format.formatted(arguments));
  }

  @Override
  public void close() {
    // The clients wait for a broker that is gone if it is stopped first.
    load.close();
    cluster.close();
    workplace.close();
  }
}
