package io.eddy.evaluation;

import io.eddy.dataset.SeriesData;
import io.eddy.series.SteppedSeries;
import java.util.concurrent.atomic.AtomicLong;

/** Series that a backtest goes through, maybe several at once; each observation is shown. */
public final class ObservedPasses {
  private final ProgressListener progress;
  private final long total;
  private final AtomicLong done = new AtomicLong();

  /**
   * Passes that share a listener.
   *
   * @param total observations in all of them
   */
  public ObservedPasses(ProgressListener progress, long total) {
    this.progress = progress;
    this.total = total;
  }

  /** One of them: the series by steps, the first origin that counts, and the observations. */
  public Backtest.Pass of(SteppedSeries series, long from, SeriesData data) {
    return new Backtest.Pass(
        series,
        from,
        () ->
            data.observations().stream()
                .peek(one -> progress.progress(done.incrementAndGet(), total, data.name()))
                .iterator());
  }
}
