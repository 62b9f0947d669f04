package io.eddy.kafka.history;

import io.eddy.dataset.Dataset;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.topics.TopicReader;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/** Reads the history of an events topic as a data set, up to fixed end offsets. */
public final class TopicHistory {
  private static final Pattern END = Pattern.compile("-(\\d{1,9})=(\\d{1,18})");
  private static final Comparator<TopicPartition> BY_PARTITION =
      Comparator.comparingInt(TopicPartition::partition);

  private final EddyConfig settings;
  private final String topic;
  private final List<String> covariates;

  /**
   * A data set read from a topic.
   *
   * @param data series by name; the source describes the topic and the end offsets, and {@link
   *     #readAgain} accepts it
   * @param accepted number of accepted observations, duplicates included
   * @param rejected number of values, or whole records, that were left out, by reason
   * @param roundedIntegers number of integers beyond ±2^53 that were rounded to a float64
   */
  public record Result(
      Dataset data, long accepted, Map<String, Long> rejected, long roundedIntegers) {
    public Result {
      rejected = Map.copyOf(rejected);
    }

    /** Returns whether more values were rejected than accepted. */
    public boolean isMostlyRejected() {
      return rejected.values().stream().mapToLong(Long::longValue).sum() > accepted;
    }
  }

  /**
   * Creates a reader of a topic's history.
   *
   * @param covariates fields to read in addition to the values
   */
  public TopicHistory(EddyConfig settings, String topic, List<String> covariates) {
    this.settings = settings;
    this.topic = topic;
    this.covariates = covariates;
  }

  /** Reads the topic up to its current end offsets. */
  public Result read() {
    return read(new TopicReader(settings.client()).endOffsets(topic));
  }

  /**
   * Reads the topic up to the end offsets of an earlier result, so that a resumed training sees the
   * same data.
   *
   * @param source of the earlier result
   * @throws IllegalArgumentException if {@code source} describes other data than this topic
   */
  public Result readAgain(String source) {
    String prefix = sourcePrefix();
    if (!source.startsWith(prefix)) {
      throw new IllegalArgumentException(
          "checkpoint: expected training data from topic %s, got %s".formatted(topic, source));
    }
    Map<TopicPartition, Long> ends = new TreeMap<>(BY_PARTITION);
    Matcher end = END.matcher(source.substring(prefix.length()));
    while (end.find()) {
      ends.put(
          new TopicPartition(topic, Integer.parseInt(end.group(1))), Long.valueOf(end.group(2)));
    }
    return read(ends);
  }

  private String sourcePrefix() {
    return "topic " + topic + " up to ";
  }

  private Result read(Map<TopicPartition, Long> ends) {
    EventMapping mapping = settings.stream().events().withCovariates(covariates);
    EventCollector collector = new EventCollector(mapping, settings.stream().policies());
    Map<TopicPartition, Long> sorted = new TreeMap<>(BY_PARTITION);
    sorted.putAll(ends);
    for (Map<TopicPartition, Long> batch : batches(sorted, mapping)) {
      new TopicReader(settings.client()).read(batch, collector::add);
    }
    return new Result(
        new Dataset(collector.series(), sourcePrefix() + sorted),
        collector.accepted(),
        collector.rejected(),
        collector.roundedIntegers());
  }

  /**
   * Groups the partitions that can be read together. If fields name the series, the events of one
   * series may be in several partitions. These partitions are read one after the other, so that the
   * order of observations is the same each time.
   */
  private static List<Map<TopicPartition, Long>> batches(
      Map<TopicPartition, Long> ends, EventMapping mapping) {
    return !mapping.isRekeyed()
        ? List.of(ends)
        : ends.entrySet().stream().map(end -> Map.of(end.getKey(), end.getValue())).toList();
  }
}
