package io.eddy.cli.command;

import io.eddy.dataset.SeriesData;
import io.eddy.engine.SeriesEngine;
import io.eddy.engine.SeriesUpdate;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.alert.Alert;
import io.eddy.forecast.anomaly.AnomalyDetector;
import io.eddy.forecast.anomaly.AnomalyScore;
import io.eddy.forecast.anomaly.AnomalyScore.Change;
import io.eddy.forecast.anomaly.AnomalySettings;
import io.eddy.forecast.anomaly.Episode;
import io.eddy.forecast.anomaly.Expectation;
import io.eddy.forecast.step.StepResult;
import io.eddy.model.Model;
import io.eddy.series.Observation;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.series.store.InMemorySeriesStore;
import io.eddy.series.store.SeriesStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Scores the steps of series from a file, with or without a model. */
final class AnomalyRun {
  private final Sampling sampling;
  private final double expectedFalseAlarms;
  private final SeriesEngine engine;
  private final @Nullable Model model;
  private final List<Alert> alerts = new ArrayList<>();

  /** Receives the score of each step in order of time. */
  interface Sink {
    void accept(long timestampMs, double value, AnomalyScore score) throws IOException;
  }

  /**
   * Creates a run.
   *
   * @param model null for the simple forecasters
   */
  AnomalyRun(
      Sampling sampling, double expectedFalseAlarms, SeriesEngine engine, @Nullable Model model) {
    this.sampling = sampling;
    this.expectedFalseAlarms = expectedFalseAlarms;
    this.engine = engine;
    this.model = model;
  }

  /**
   * Scores a series.
   *
   * @param endMs time of the last observation of all series; a series that ends earlier is silent
   * @return its episodes in order of time; the last one may still be open
   */
  List<Episode> run(SeriesData series, long endMs, Sink sink) throws IOException {
    List<Episode> episodes = new ArrayList<>();
    if (series.size() == 0) {
      return episodes;
    }
    SteppedSeries steps = series.stepped(sampling);
    Map<Long, Expectation> forecasts = forecasts(series);
    AnomalyDetector detector = new AnomalyDetector(settings(steps.firstStep()));
    for (int t = 0; t < steps.size(); t++) {
      long timeMs = sampling.startMs(steps.firstStep() + t);
      double value = steps.values()[t];
      AnomalyScore score =
          Double.isNaN(value)
              ? detector.absent(timeMs, false)
              : detector.observe(timeMs, value, forecasts.get(timeMs));
      keep(episodes, score);
      sink.accept(timeMs, value, score);
    }
    long end = sampling.stepOf(endMs);
    for (long step = steps.firstStep() + steps.size(); step <= end; step++) {
      keep(episodes, detector.absent(sampling.startMs(step), true));
    }
    return episodes;
  }

  /** Returns the alerts of the series so far, if there is a model and the engine has rules. */
  List<Alert> alerts() {
    return List.copyOf(alerts);
  }

  private AnomalySettings settings(long firstStep) {
    long intervalMs = sampling.startMs(firstStep + 1) - sampling.startMs(firstStep);
    return new AnomalySettings(intervalMs, expectedFalseAlarms);
  }

  /** Adds the episode of a step, or replaces it by what is known now. */
  private static void keep(List<Episode> episodes, AnomalyScore score) {
    Episode episode = score.episode();
    if (episode == null) {
      return;
    }
    if (score.change() == Change.BEGIN) {
      episodes.add(episode);
    } else {
      episodes.set(episodes.size() - 1, episode);
    }
  }

  /** Returns the forecast of each step one step before it, by the time of the step. */
  private Map<Long, Expectation> forecasts(SeriesData series) {
    Map<Long, Expectation> forecasts = new HashMap<>();
    if (model == null) {
      return forecasts;
    }
    SeriesStore store = new InMemorySeriesStore();
    for (Observation observation : series.observations()) {
      SeriesUpdate update = engine.update(store, observation, model, 0);
      alerts.addAll(update.alerts());
      for (StepResult.Advanced advanced : update.result().forecasts()) {
        Forecast forecast = advanced.forecast();
        if (!forecast.origin().quality().isProvisional()) {
          forecasts.put(forecast.timestampMs(1), expectation(forecast));
        }
      }
    }
    return forecasts;
  }

  private static Expectation expectation(Forecast forecast) {
    int highest = forecast.quantileLevels().size() - 1;
    return new Expectation(forecast.median(1), forecast.value(1, 0), forecast.value(1, highest));
  }
}
