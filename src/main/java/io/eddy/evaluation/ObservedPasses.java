package io.eddy.evaluation;

import io.eddy.cli.terminal.ProgressBar;
import io.eddy.dataset.SeriesData;
import io.eddy.series.SteppedSeries;
import java.util.concurrent.atomic.AtomicLong;

/** Series that a backtest goes through, maybe several at once; each observation is shown. */
public final class ObservedPasses {
  private final ProgressBar progress;
  private final long total;
  private final AtomicLong done = new AtomicLong();

  /**
   * Passes that share a progress bar.
   *
   * @param total observations in all of them
   */
  public ObservedPasses(ProgressBar progress, long total) {
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
                .peek(one -> progress.show(done.incrementAndGet(), total, data.name()))
                .iterator());
  }
}
