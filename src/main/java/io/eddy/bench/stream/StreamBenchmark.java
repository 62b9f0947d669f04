package io.eddy.bench.stream;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Compares Eddy with the bare topology, and measures how the cost grows. */
public final class StreamBenchmark implements AutoCloseable {
  private static final int FIRST_SIZE = 1000;

  /** Events per series before a size is measured: states exist and have been read. */
  private static final int STEPS_BEFORE = 2;

  private static final int HISTORY_SERIES = 100;
  private static final List<Integer> HISTORIES = List.of(100, 10_000);

  private final BenchSession session;
  private final StreamPlan plan;

  /**
   * Starts a broker.
   *
   * @param model file of the model that Eddy serves
   * @param progress receives a line for each step
   */
  public StreamBenchmark(StreamPlan plan, byte[] model, Consumer<String> progress)
      throws InterruptedException {
    this.plan = plan;
    session = new BenchSession(plan, model, progress);
  }

  /** Measures the plan. */
  public StreamResult run() throws IOException, InterruptedException {
    SeriesEvents events = session.events("sensor-", plan.load().keys());
    StreamPair pair = new StreamPair(session, events);
    session.report("warming up again after the suspension");
    pair.skip(events, plan.load().warmUp());
    return pair.measure(events, plan.load().events());
  }

  /**
   * Measures how the cost grows: with the number of series, in powers of ten from 1,000 to that of
   * the plan, and with the number of steps that a series has had. The same processes measure all
   * cases, so that their code is equally compiled.
   */
  public List<GrowthCase> growth() throws IOException, InterruptedException {
    SeriesEvents first = session.events("warm-up-", FIRST_SIZE);
    StreamPair pair = new StreamPair(session, first);
    List<GrowthCase> cases = new ArrayList<>();
    for (int keys : sizes(plan.load().keys())) {
      session.report("%,d series", keys);
      SeriesEvents events = session.events("of-%d-".formatted(keys), keys);
      pair.skip(events, (long) STEPS_BEFORE * keys);
      cases.add(new GrowthCase(keys, STEPS_BEFORE, pair.measure(events, plan.load().events())));
    }
    SeriesEvents events = session.events("history-", HISTORY_SERIES);
    for (int steps : HISTORIES) {
      session.report("%,d steps per series", steps);
      pair.skip(events, Math.max(0, (long) steps * HISTORY_SERIES - events.count()));
      long before = events.count() / HISTORY_SERIES;
      cases.add(new GrowthCase(HISTORY_SERIES, before, pair.measure(events, plan.load().events())));
    }
    return cases;
  }

  /** Returns the powers of ten from 1,000 up to a number, and the number. */
  static List<Integer> sizes(int largest) {
    List<Integer> sizes = new ArrayList<>();
    for (long size = FIRST_SIZE; size < largest; size *= 10) {
      sizes.add((int) size);
    }
    sizes.add(largest);
    return sizes;
  }

  @Override
  public void close() {
    session.close();
  }
}
