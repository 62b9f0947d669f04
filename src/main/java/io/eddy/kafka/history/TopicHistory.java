package io.eddy.kafka.history;

import io.eddy.admission.DecodedEvent;
import io.eddy.admission.SeriesTimestampGuards;
import io.eddy.admission.TimestampGuard;
import io.eddy.cli.terminal.Console;
import io.eddy.dataset.SeriesCollector;
import io.eddy.dataset.SeriesData;
import io.eddy.evaluation.TrainingJob;
import io.eddy.kafka.config.EddySettings;
import io.eddy.kafka.event.EventDecoder;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/** What a training reads of a topic: its events up to the ends that it has, or that it had. */
public final class TopicHistory {
  private static final Pattern END = Pattern.compile("-(\\d{1,9})=(\\d{1,18})");

  private final EddySettings settings;
  private final String topic;
  private final List<String> covariates;

  /** A topic of which those covariates are read beside the values. */
  public TopicHistory(EddySettings settings, String topic, List<String> covariates) {
    this.settings = settings;
    this.topic = topic;
    this.covariates = covariates;
  }

  /** Reads up to the present ends. */
  public TrainingJob.Data read(Console console) {
    return read(new TopicReader(settings.client()).ends(topic), console);
  }

  /**
   * Reads as much as a former training did, though more has come since.
   *
   * @param source of the former training's data
   */
  public TrainingJob.Data readAgain(String source, Console console) {
    String begin = begin();
    if (!source.startsWith(begin)) {
      throw new IllegalArgumentException(
          "checkpoint: it trains on %s, expected topic %s".formatted(source, topic));
    }
    Map<TopicPartition, Long> ends = new TreeMap<>(BY_PARTITION);
    Matcher end = END.matcher(source.substring(begin.length()));
    while (end.find()) {
      ends.put(
          new TopicPartition(topic, Integer.parseInt(end.group(1))), Long.valueOf(end.group(2)));
    }
    return read(ends, console);
  }

  private static final Comparator<TopicPartition> BY_PARTITION =
      Comparator.comparingInt(TopicPartition::partition);

  private String begin() {
    return "topic " + topic + " up to ";
  }

  private TrainingJob.Data read(Map<TopicPartition, Long> ends, Console console) {
    EventMapping mapping = settings.stream().events().withCovariates(covariates);
    EventDecoder decoder = new EventDecoder(mapping);
    SeriesTimestampGuards clocks =
        new SeriesTimestampGuards(settings.stream().policies().series().clock());
    SeriesCollector collector = new SeriesCollector();
    AtomicLong unreadable = new AtomicLong();
    AtomicLong refused = new AtomicLong();
    Map<TopicPartition, Long> sorted = new TreeMap<>(BY_PARTITION);
    sorted.putAll(ends);
    for (Map<TopicPartition, Long> part : parts(sorted, mapping)) {
      new TopicReader(settings.client())
          .read(
              part,
              record -> {
                try {
                  DecodedEvent event =
                      settings.stream()
                          .policies()
                          .limits()
                          .within(
                              decoder.read(record.key(), record.value(), record.timestamp()),
                              record.timestamp());
                  refused.addAndGet(event.refused().size());
                  for (Observation observation : event.observations()) {
                    if (clocks.next(observation) == TimestampGuard.Kind.DOUBTED) {
                      refused.incrementAndGet();
                    } else {
                      collector.add(observation);
                    }
                  }
                } catch (InvalidRecordException e) {
                  unreadable.incrementAndGet();
                }
              });
    }
    if (unreadable.get() > 0) {
      console.note("%d records of %s are no events and were left out", unreadable.get(), topic);
    }
    if (refused.get() > 0) {
      console.note("%d values of events of %s are none and were left out", refused.get(), topic);
    }
    // Partitions come as the broker sends them: by name the series are in the same order each time.
    List<SeriesData> series =
        collector.toList().stream().sorted(Comparator.comparing(SeriesData::name)).toList();
    return new TrainingJob.Data(series, begin() + sorted);
  }

  /**
   * What is read at a time. Where fields name the series, one may lie in several partitions: these
   * are read one after the other, so that of two observations of one time the same one is kept
   * whenever it is read.
   */
  private static List<Map<TopicPartition, Long>> parts(
      Map<TopicPartition, Long> ends, EventMapping mapping) {
    return mapping.key().isOfRecord()
        ? List.of(ends)
        : ends.entrySet().stream().map(end -> Map.of(end.getKey(), end.getValue())).toList();
  }
}
