package io.eddy.evaluation;

import io.eddy.dataset.SeriesData;
import io.eddy.series.SteppedSeries;
import java.util.concurrent.atomic.AtomicLong;

/** Creates passes of a backtest that report every observation to a listener. Thread-safe. */
public final class ObservedPasses {
  private final ProgressListener progress;
  private final long total;
  private final AtomicLong done = new AtomicLong();

  /**
   * Creates passes that share a listener.
   *
   * @param total number of observations in all passes
   */
  public ObservedPasses(ProgressListener progress, long total) {
    this.progress = progress;
    this.total = total;
  }

  /**
   * Returns a pass.
   *
   * @param series the sampled values
   * @param from grid index of the first origin to measure
   * @param data the observations
   */
  public Backtest.Pass of(SteppedSeries series, long from, SeriesData data) {
    return new Backtest.Pass(
        series,
        from,
        () ->
            data.observations().stream()
                .peek(observation -> progress.progress(done.incrementAndGet(), total, data.name()))
                .iterator());
  }
}
