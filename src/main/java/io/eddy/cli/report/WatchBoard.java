package io.eddy.cli.report;

import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.event.EventReader;
import io.eddy.kafka.event.ReadResult;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.record.PublishedScore;
import io.eddy.kafka.record.ScoreCodec;
import io.eddy.rollout.Activation.Role;
import io.eddy.series.InvalidRecordException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The series of a model, as their events, forecasts and scores arrive, and how they are shown: a
 * line for each of those with the latest forecasts.
 */
public final class WatchBoard {
  private final StreamSettings settings;
  private final Predicate<String> isWanted;
  private final EventReader events;
  private final ForecastCodec forecasts;
  private final ScoreCodec scores;
  private final Map<String, WatchedSeries> series = new HashMap<>();
  private long updates;

  /**
   * Creates a board without series.
   *
   * @param isWanted whether a series is shown
   */
  public WatchBoard(StreamSettings settings, Predicate<String> isWanted) {
    this.settings = settings;
    this.isWanted = isWanted;
    events =
        new EventReader(
            settings.events().ofSource(),
            settings.policies().limits(),
            settings.policies().nullValues());
    forecasts = new ForecastCodec(settings.output(), settings.topics().forecasts());
    scores = new ScoreCodec(settings.output(), settings.topics().scores());
  }

  /**
   * Takes a record of one of the three topics. Records that cannot be decoded are ignored; `eddy
   * tail` reports them.
   *
   * @return the series of a forecast; null if the record is not a forecast
   */
  public @Nullable String add(ConsumerRecord<byte[], byte[]> record) {
    try {
      if (record.topic().equals(settings.topics().source())) {
        addEvent(record);
      } else if (record.value() == null || !isWanted.test(TopicFormat.key(record))) {
        return null;
      } else if (record.topic().equals(settings.topics().forecasts())) {
        return addForecast(TopicFormat.key(record), record.value());
      } else {
        addScore(TopicFormat.key(record), record.value());
      }
    } catch (InvalidRecordException e) {
      return null;
    }
    return null;
  }

  private void addEvent(ConsumerRecord<byte[], byte[]> record) {
    if (events.read(record) instanceof ReadResult.Event event) {
      event.event().observations().stream()
          .filter(observation -> isWanted.test(observation.series()))
          .forEach(observation -> series(observation.series()).observe(observation));
    }
  }

  private @Nullable String addForecast(String name, byte[] value) {
    PublishedForecast published = forecasts.decode(name, value);
    if (!published.model().equals(settings.model())) {
      return null;
    }
    series(name).forecast(published.forecast(), ++updates);
    return name;
  }

  private void addScore(String name, byte[] value) {
    PublishedScore published = scores.decode(name, value);
    if (published.model().equals(settings.model())
        && published.role() == Role.SERVE
        && published.failure() == null) {
      series(name).score(published.score());
    }
  }

  private WatchedSeries series(String name) {
    return series.computeIfAbsent(name, WatchedSeries::new);
  }

  /** Returns the number of forecasts that have arrived. */
  public long forecasts() {
    return updates;
  }

  /** Returns the header of the lines. */
  public String header(WatchLine layout) {
    return layout.header(bandName());
  }

  private String bandName() {
    return series.values().stream()
        .map(WatchedSeries::forecast)
        .filter(forecast -> forecast != null)
        .map(forecast -> CentralBand.of(forecast.quantileLevels()))
        .filter(band -> band != null)
        .map(CentralBand::name)
        .distinct()
        .reduce((first, second) -> "")
        .orElse("");
  }

  /** Returns the line of a series. */
  public String line(WatchLine layout, String name) {
    return layout.line(series(name));
  }

  /**
   * Returns a frame: the header, a line for each of the series with the latest forecasts in order
   * of their names, and how many others there are.
   *
   * @param limit maximum number of series
   */
  public List<String> frame(WatchLine layout, int limit) {
    List<WatchedSeries> active =
        series.values().stream()
            .filter(row -> row.forecast() != null)
            .sorted(
                Comparator.comparingLong(WatchedSeries::updates)
                    .reversed()
                    .thenComparing(WatchedSeries::name))
            .toList();
    List<String> lines = new ArrayList<>();
    lines.add(
        layout.fit(
            "model %s: series with a forecast: %d, forecasts seen: %d; press Ctrl-C to end"
                .formatted(settings.model(), active.size(), updates)));
    lines.add(header(layout));
    active.stream()
        .limit(limit)
        .sorted(Comparator.comparing(WatchedSeries::name))
        .forEach(row -> lines.add(layout.line(row)));
    if (active.size() > limit) {
      lines.add(
          layout.fit(
              "and %d more series; choose with --series or --prefix"
                  .formatted(active.size() - limit)));
    }
    return lines;
  }
}
