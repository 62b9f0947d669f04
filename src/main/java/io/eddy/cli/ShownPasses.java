package io.eddy.cli;

import io.eddy.codec.SeriesData;
import io.eddy.evaluation.Backtest;
import io.eddy.series.SteppedSeries;
import java.util.concurrent.atomic.AtomicLong;

/** Series that a backtest goes through, maybe several at once; each observation is shown. */
final class ShownPasses {
  private final Progress progress;
  private final long total;
  private final AtomicLong done = new AtomicLong();

  /**
   * Passes that share a progress bar.
   *
   * @param total observations in all of them
   */
  ShownPasses(Progress progress, long total) {
    this.progress = progress;
    this.total = total;
  }

  /** One of them: the series by steps, the first origin that counts, and the observations. */
  Backtest.Pass of(SteppedSeries series, long from, SeriesData data) {
    return new Backtest.Pass(
        series,
        from,
        () ->
            data.observations().stream()
                .peek(one -> progress.show(done.incrementAndGet(), total, data.name()))
                .iterator());
  }
}
